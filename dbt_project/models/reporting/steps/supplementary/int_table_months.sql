with

windows as (
    select * from {{ ref('int_table_windows') }}
),

months as (
    select distinct
        month_start_date as month,
        month_key,
        month_label
    from {{ ref('dim_dates') }}
),

spread as (
    select
        windows.quarter,
        windows.force_code,
        windows.table_name,
        months.month,
        months.month_key,
        months.month_label
    from windows
    inner join months
        on months.month between windows.first_month and windows.last_month
)

select * from spread
