-- The rows of the lists of actions. If a plan is missing, one row says so, so that the
-- list does not look like an empty one.

with

report_actions as (
    select * from {{ ref('int_report_actions') }}
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
    from report_actions
    where missing_plan is null
),

missing as (
    select
        *,
        unnest(if(
            missing_plan = 'this',
            [
                'actions_delivered',
                'actions_scheduled',
                'actions_at_risk',
                'actions_overdue',
                'actions_without_owner'
            ],
            ['actions_slipped']
        )) as table_name
    from report_actions
    where missing_plan is not null
),

together as (
    select * from placed
    union all
    select * from missing
),

numbered as (
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
        missing_plan is null as is_available
    from together
)

select * from numbered
