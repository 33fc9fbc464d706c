-- Actions by strand and in total, of each report's plan and of the previous quarter's,
-- each as at its own cut-off. At risk is part of ongoing and is never added. A missing
-- plan has rows too, so that it does not look like an empty one.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

strands as (
    select * from {{ ref('dim_strands') }}
),

actions as (
    select * from {{ ref('fct_plan_actions') }}
    where is_in_plan
),

held_lines as (
    select
        loads.force_code,
        quarantined_lines.line_key,
        cast(quarantined_lines.extracted_at as date) as plan_date
    from {{ ref('fct_quarantined_lines') }} as quarantined_lines
    inner join {{ ref('stg_register__loads') }} as loads
        on quarantined_lines.load_id = loads.load_id
    where
        quarantined_lines.extract = 'actions'
        and (
            quarantined_lines.resolved_at is null
            or cast(quarantined_lines.resolved_at as date)
            > cast(quarantined_lines.extracted_at as date)
        )
),

by_strand as (
    select
        reports.quarter,
        reports.force_code,
        strands.strand_position,
        strands.strand_code,
        strands.strand_name as strand,
        false as is_total,
        reports.plan_as_at_date is not null as is_available,
        reports.plan_as_at_date,
        count(actions.strand_code) as total,
        count(*) filter (where actions.action_status = 'Complete') as complete,
        count(*) filter (where actions.action_status = 'Ongoing') as ongoing,
        count(*) filter (where actions.is_at_risk) as at_risk
    from reports
    inner join strands on reports.strategy_code = strands.strategy_code
    left join actions
        on reports.quarter = actions.quarter
        and reports.force_code = actions.force_code
        and strands.strand_code = actions.strand_code
    group by all
),

in_all as (
    select
        quarter,
        force_code,
        max(strand_position) + 1 as strand_position,
        null as strand_code,
        {{ wording("'total_row'") }} as strand,
        true as is_total,
        is_available,
        plan_as_at_date,
        sum(total) as total,
        sum(complete) as complete,
        sum(ongoing) as ongoing,
        sum(at_risk) as at_risk
    from by_strand
    group by all
),

in_plans as (
    select * from by_strand
    union all
    select * from in_all
),

counted as (
    select
        quarter,
        force_code,
        strand_position,
        strand_code,
        strand,
        cast(case when is_available then total end as bigint) as total,
        cast(case when is_available then complete end as bigint) as complete,
        cast(case when is_available then ongoing end as bigint) as ongoing,
        cast(case when is_available then at_risk end as bigint) as at_risk,
        is_total,
        is_available,
        plan_as_at_date
    from in_plans
),

-- Held lines of the plan that was used. An earlier line of the same action may count in
-- place of a held one; otherwise the strand is not known.
held_in_plans as (
    select
        reports.quarter,
        reports.force_code,
        actions.strand_code,
        count(*) filter (where actions.action_id is null) as held_not_counted,
        count(actions.action_id) as held_as_before
    from reports
    inner join held_lines
        on reports.force_code = held_lines.force_code
        and reports.plan_as_at_date = held_lines.plan_date
    left join actions
        on reports.quarter = actions.quarter
        and reports.force_code = actions.force_code
        and held_lines.line_key = actions.action_id
    group by all
),

plans as (
    select
        counted.quarter as progress_quarter,
        counted.force_code as progress_force_code,
        counted.strand_position,
        counted.strand,
        counted.total,
        counted.complete,
        counted.ongoing,
        counted.at_risk,
        counted.is_total,
        counted.is_available,
        counted.plan_as_at_date,
        cast(coalesce(sum(held_in_plans.held_not_counted), 0) as bigint)
            as held_not_counted,
        cast(coalesce(sum(held_in_plans.held_as_before), 0) as bigint)
            as held_as_before
    from counted
    left join held_in_plans
        on counted.quarter = held_in_plans.quarter
        and counted.force_code = held_in_plans.force_code
        and (counted.is_total or counted.strand_code = held_in_plans.strand_code)
    group by all
),

this_quarter as (
    select
        reports.quarter,
        reports.force_code,
        2 as plan_position,
        reports.quarter_label as plan_quarter,
        reports.quarter_end_date as plan_quarter_end,
        plans.*
    from reports
    inner join plans
        on reports.quarter = plans.progress_quarter
        and reports.force_code = plans.progress_force_code
),

last_quarter as (
    select
        reports.quarter,
        reports.force_code,
        1 as plan_position,
        reports.previous_quarter_label as plan_quarter,
        reports.quarter_start_date - 1 as plan_quarter_end,
        plans.*
    from reports
    inner join plans
        on reports.previous_quarter = plans.progress_quarter
        and reports.force_code = plans.progress_force_code
),

no_last_quarter as (
    select
        this_quarter.quarter,
        this_quarter.force_code,
        1 as plan_position,
        reports.previous_quarter_label as plan_quarter,
        reports.quarter_start_date - 1 as plan_quarter_end,
        this_quarter.strand_position,
        this_quarter.strand,
        this_quarter.is_total,
        false as is_available
    from this_quarter
    inner join reports using (quarter, force_code)
    anti join last_quarter using (quarter, force_code)
),

together as (
    select * from this_quarter
    union all by name
    select * from last_quarter
    union all by name
    select * from no_last_quarter
),

with_days as (
    select
        *,
        coalesce(plan_as_at_date, plan_quarter_end) as plan_day
    from together
)

select * from with_days
