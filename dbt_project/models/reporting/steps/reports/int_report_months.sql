-- The months on a quarter's charts: the 36 that end with the quarter, or fewer if the
-- data begin later.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

months as (
    select distinct
        month_start_date as month,
        month_key,
        month_label,
        month_name
    from {{ ref('dim_dates') }}
),

windows as (
    select
        reports.quarter,
        reports.force_code,
        months.month,
        months.month_key,
        months.month_label,
        months.month_name
    from reports
    inner join months
        on months.month
        between reports.first_supplied_month and reports.quarter_end_date
        and months.month > reports.quarter_end_date - interval 36 month
)

select * from windows
