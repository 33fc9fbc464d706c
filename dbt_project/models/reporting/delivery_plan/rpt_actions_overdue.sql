-- Ongoing at the cut-off, and due before it.

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
            order by strand_position, due_date, action_id
        ) as row_position,
        strand,
        action_id,
        action_title,
        cast(days_overdue as bigint) as days_overdue,
        owner_role,
        due_date,
        status
    from report_actions
    where missing_plan = 'this' or days_overdue > 0
)

select * from listed
