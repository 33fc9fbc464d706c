-- What changed since the previous quarter's plan: one row for each action and change.

with

report_actions as (
    select * from {{ ref('int_report_actions') }}
),

compared as (
    select * from report_actions
    where was_in_plan is not null
),

missing as (
    select * from report_actions
    where missing_plan = 'this_or_last'
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
    select * from missing
),

worded as (
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
)

select * from worded
