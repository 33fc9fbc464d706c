-- The quarters before and after each report's, and the previous quarter's plan.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

dates as (
    select * from {{ ref('dim_dates') }}
),

quarters as (
    select
        quarter,
        quarter_label,
        min(date_day) as start_date,
        max(date_day) as end_date
    from dates
    group by all
),

beside as (
    select
        reports.quarter,
        reports.force_code,
        reports.quarter_label,
        reports.start_date,
        reports.end_date,
        reports.plan_as_at_date,
        quarters_before.quarter as previous_quarter,
        quarters_before.quarter_label as previous_quarter_label,
        previous_reports.plan_as_at_date as previous_plan_as_at_date,
        quarters_after.start_date as next_start_date,
        quarters_after.end_date as next_end_date
    from reports
    inner join quarters as quarters_before
        on reports.start_date = quarters_before.end_date + interval 1 day
    inner join quarters as quarters_after
        on reports.end_date = quarters_after.start_date - interval 1 day
    left join reports as previous_reports
        on quarters_before.quarter = previous_reports.quarter
        and reports.force_code = previous_reports.force_code
)

select * from beside
