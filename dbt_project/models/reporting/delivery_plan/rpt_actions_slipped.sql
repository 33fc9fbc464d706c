-- The due date is later than in last quarter's plan.

with

report_actions as (
    select * from {{ ref('int_report_actions') }}
),

listed as (
    select
        quarter,
        force_code,
        row_number() over (
            partition by quarter, force_code
            order by strand_position asc, days_slipped desc, action_id asc
        ) as row_position,
        strand,
        action_id,
        action_title,
        cast(days_slipped as bigint) as days_slipped,
        owner_role,
        previous_due_date,
        due_date,
        status
    from report_actions
    where missing_plan = 'this_or_last' or days_slipped > 0
)

select * from listed
