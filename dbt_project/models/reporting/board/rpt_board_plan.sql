-- The delivery plan for the board report, by strand and in total, with the change since
-- the previous quarter's plan and the number of actions in each list.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

strands as (
    select * from {{ ref('dim_strands') }}
),

plan_actions as (
    select * from {{ ref('fct_plan_actions') }}
    where was_in_plan is not null
),

plan_strands as (
    select * from {{ ref('int_plan_strands') }}
    where plan_position = 2
),

progress as (
    {{ rows_with_figures('delivery_progress', {
        'total': 'bigint',
        'complete': 'bigint',
        'ongoing': 'bigint',
        'at_risk': 'bigint',
    }) }}
    having report_rows.status = {{ wording("'available'") }}
),

progress_compared as (
    {{ rows_with_figures('delivery_progress_compared', {
        'complete': 'bigint',
        'at_risk': 'bigint',
    }) }}
    having report_rows.status = {{ wording("'available'") }}
),

actions as (
    select * from {{ ref('rpt_rows') }}
    where table_name like 'actions\_%' escape '\'
),

listed as (
    select
        quarter,
        force_code,
        table_name,
        unnest([strand, {{ wording("'total_row'") }}]) as strand
    from actions
    where status = {{ wording("'available'") }} and strand is not null
),

counted as (
    select
        quarter,
        force_code,
        strand,
        count(*) filter (where table_name = 'actions_delivered')
            as delivered_count,
        count(*) filter (where table_name = 'actions_scheduled')
            as scheduled_count,
        count(*) filter (where table_name = 'actions_overdue')
            as overdue_count,
        count(*) filter (where table_name = 'actions_slipped')
            as moved_count,
        count(*) filter (where table_name = 'actions_without_owner')
            as unowned_count
    from listed
    group by all
),

-- Why the actions completed in the quarter are not the change of the complete ones.
not_tied as (
    select
        plan_actions.quarter,
        plan_actions.force_code,
        unnest([strands.strand_name, {{ wording("'total_row'") }}]) as strand,
        plan_actions.is_delivered,
        coalesce(plan_actions.action_status = 'Complete', false) as is_complete,
        coalesce(plan_actions.previous_action_status = 'Complete', false)
            as was_complete
    from plan_actions
    inner join reports using (quarter, force_code)
    inner join strands using (strategy_code, strand_code)
),

tied as (
    select
        quarter,
        force_code,
        strand,
        count(*) filter (where is_delivered and was_complete)
            as delivered_before_count,
        count(*) filter (where is_complete and not was_complete and not is_delivered)
            as other_complete_count,
        count(*) filter (where was_complete and not is_complete)
            as no_longer_complete_count
    from not_tied
    group by all
),

previous as (
    select progress_compared.*
    from progress_compared
    inner join reports
        on progress_compared.quarter = reports.quarter
        and progress_compared.force_code = reports.force_code
        and progress_compared.plan_quarter <> reports.quarter_label
),

together as (
    select
        progress.quarter,
        progress.force_code,
        progress.row_position,
        progress.strand,
        progress.total,
        progress.complete,
        {{ percentage('progress.complete', 'progress.total') }} as complete_pct,
        progress.ongoing,
        progress.at_risk,
        progress.complete - previous.complete as complete_change,
        previous.complete as previous_complete,
        previous.at_risk as previous_at_risk,
        previous.plan_as_at_date as previous_as_at_date,
        coalesce(counted.delivered_count, 0) as delivered_count,
        coalesce(tied.delivered_before_count, 0) as delivered_before_count,
        coalesce(tied.other_complete_count, 0) as other_complete_count,
        coalesce(tied.no_longer_complete_count, 0) as no_longer_complete_count,
        coalesce(counted.scheduled_count, 0) as scheduled_count,
        coalesce(counted.overdue_count, 0) as overdue_count,
        coalesce(counted.moved_count, 0) as moved_count,
        coalesce(counted.unowned_count, 0) as unowned_count,
        plan_strands.held_not_counted,
        plan_strands.held_as_before
    from progress
    inner join plan_strands
        on progress.quarter = plan_strands.quarter
        and progress.force_code = plan_strands.force_code
        and progress.strand = plan_strands.strand
    left join previous
        on progress.quarter = previous.quarter
        and progress.force_code = previous.force_code
        and progress.strand = previous.strand
    left join counted
        on progress.quarter = counted.quarter
        and progress.force_code = counted.force_code
        and progress.strand = counted.strand
    left join tied
        on progress.quarter = tied.quarter
        and progress.force_code = tied.force_code
        and progress.strand = tied.strand
)

select * from together
