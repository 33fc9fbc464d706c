-- The rows of the tables of the delivery plan: by strand (this quarter's plan, or also
-- the previous quarter's), the lists of actions, and what changed. If a plan is
-- missing, one row says so, so that a list does not look like an empty one.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

strands as (
    select * from {{ ref('dim_strands') }}
),

plan_actions as (
    select * from {{ ref('fct_plan_actions') }}
),

plan_strands as (
    select * from {{ ref('int_plan_strands') }}
),

tables as (
    select * from {{ ref('table_details') }}
),

strand_rows as (
    select
        plan_strands.quarter,
        plan_strands.force_code,
        tables.table_name,
        row_number() over (
            partition by
                plan_strands.quarter, plan_strands.force_code, tables.table_name
            order by
                plan_strands.is_total,
                plan_strands.strand_position,
                plan_strands.strand,
                plan_strands.plan_position
        ) as row_position,
        concat_ws(
            '|',
            plan_strands.strand,
            if(tables.row_kind = 'strands_compared', plan_strands.plan_quarter, null)
        ) as row_key,
        if(plan_strands.is_total, null, 'strand') as breakdown,
        if(plan_strands.is_total, null, plan_strands.strand) as category,
        'force' as area_level,
        plan_strands.force_code as area_code,
        plan_strands.plan_day as first_day,
        plan_strands.plan_day as last_day,
        plan_strands.strand,
        plan_strands.plan_quarter,
        plan_strands.plan_as_at_date,
        plan_strands.plan_quarter_end
    from plan_strands
    inner join tables
        on tables.row_kind = 'strands_compared'
        or (tables.row_kind = 'strands' and plan_strands.plan_position = 2)
),

actions as (
    select
        plan_actions.* replace (
            {{ shown_text('action_title', 'action_id') }} as action_title,
            coalesce(
                {{ shown_text('owner_role', wording("'text_not_shown'")) }},
                {{ wording("'no_owner'") }}
            ) as owner_role,
            {{ shown_text('at_risk_reason', wording("'text_not_shown'")) }}
                as at_risk_reason,
            {{ shown_text('mitigation', wording("'text_not_shown'")) }}
                as mitigation
        ),
        strands.strand_name as strand,
        strands.strand_position,
        reports.previous_plan_as_at_date,
        null as missing_plan
    from plan_actions
    inner join reports using (quarter, force_code)
    inner join strands using (strategy_code, strand_code)
),

this_plan_missing as (
    select
        quarter,
        force_code,
        {{ wording("'all_strands'") }} as strand,
        'this' as missing_plan
    from reports
    where plan_as_at_date is null
),

comparison_missing as (
    select
        quarter,
        force_code,
        {{ wording("'all_strands'") }} as strand,
        'this_or_last' as missing_plan
    from reports
    where plan_as_at_date is null or previous_plan_as_at_date is null
),

placed as (
    select
        *,
        unnest(list_filter(
            [
                if(is_delivered, 'actions_delivered', null),
                if(is_scheduled, 'actions_scheduled', null),
                if(is_at_risk, 'actions_at_risk', null),
                if(days_overdue > 0, 'actions_overdue', null),
                if(days_slipped > 0, 'actions_slipped', null),
                if(is_without_owner, 'actions_without_owner', null)
            ],
            lambda name: name is not null
        )) as table_name
    from actions
),

without_plan as (
    select
        *,
        unnest([
            'actions_delivered',
            'actions_scheduled',
            'actions_at_risk',
            'actions_overdue',
            'actions_without_owner'
        ]) as table_name
    from this_plan_missing
    union all
    select
        *,
        'actions_slipped' as table_name
    from comparison_missing
),

listed as (
    select * from placed
    union all by name
    select * from without_plan
),

action_rows as (
    select
        quarter,
        force_code,
        table_name,
        row_number() over (
            partition by quarter, force_code, table_name
            order by
                strand_position asc,
                case table_name
                    when 'actions_delivered' then epoch(completed_date)
                    when 'actions_slipped' then -days_slipped
                    else epoch(due_date)
                end asc,
                action_id asc
        ) as row_position,
        coalesce(action_id, '') as row_key,
        'action' as breakdown,
        action_id as category,
        'force' as area_level,
        force_code as area_code,
        plan_as_at_date as first_day,
        plan_as_at_date as last_day,
        previous_plan_as_at_date as base_first_day,
        previous_plan_as_at_date as base_last_day,
        strand,
        action_id,
        action_title,
        owner_role,
        at_risk_reason,
        mitigation,
        due_date,
        previous_due_date,
        completed_date,
        case table_name
            when 'actions_overdue' then days_overdue
            when 'actions_slipped' then days_slipped
        end as days_late,
        missing_plan is null as is_available
    from listed
),

compared as (
    select * from actions
    where was_in_plan is not null
),

changes as (
    select
        *,
        1 as change_position,
        'added' as change_code,
        null as value_before,
        action_status as value_now
    from compared
    where is_in_plan and not was_in_plan
    union all
    select
        *,
        2 as change_position,
        'removed' as change_code,
        previous_action_status as value_before,
        null as value_now
    from compared
    where was_in_plan and not is_in_plan
    union all
    select
        *,
        3 as change_position,
        'status' as change_code,
        previous_action_status as value_before,
        action_status as value_now
    from compared
    where action_status <> previous_action_status
    union all
    select
        *,
        4 as change_position,
        case when is_at_risk then 'at_risk' else 'risk_over' end as change_code,
        {{ wording("case when was_at_risk then 'at_risk' else 'not_at_risk' end") }}
            as value_before,
        {{ wording("case when is_at_risk then 'at_risk' else 'not_at_risk' end") }}
            as value_now
    from compared
    where is_at_risk <> was_at_risk
    union all
    select
        *,
        5 as change_position,
        'due_date' as change_code,
        strftime(previous_due_date, '%-d %b %Y') as value_before,
        strftime(due_date, '%-d %b %Y') as value_now
    from compared
    where due_date <> previous_due_date
    union all by name
    select * from comparison_missing
),

change_rows as (
    select
        quarter,
        force_code,
        'actions_changed' as table_name,
        row_number() over (
            partition by quarter, force_code
            order by strand_position, action_id, change_position
        ) as row_position,
        cast(row_position as varchar) as row_key,
        strand,
        action_id,
        action_title,
        {{ wording("'plan_change_' || change_code") }} as change_name,
        value_before,
        value_now,
        missing_plan is null as is_available
    from changes
),

together as (
    select * from strand_rows
    union all by name
    select * from action_rows
    union all by name
    select * from change_rows
)

select * from together
