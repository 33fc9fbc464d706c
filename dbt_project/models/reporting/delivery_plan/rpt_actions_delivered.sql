-- Complete at the cut-off, and completed within the quarter.

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
            order by strand_position, completed_date, action_id
        ) as row_position,
        strand,
        action_id,
        action_title,
        owner_role,
        due_date,
        completed_date,
        status
    from report_actions
    where missing_plan = 'this' or is_delivered
)

select * from listed
