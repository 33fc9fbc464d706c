-- The months that a table shows: a number of months that end with the quarter, with the
-- last complete month at the quarter's cut-off, or with the 12 months over which forces
-- are compared. Without such months, the table has no window.

with

reports as (
    select
        *,
        cast(
            date_trunc('month', coalesce(cut_off_date, quarter_end_date + 1))
            - interval 1 month as date
        ) as last_whole_month
    from {{ ref('dim_reports') }}
),

table_windows as (
    select * from {{ ref('table_details') }}
    where month_count is not null
),

report_tables as (
    select * from {{ ref('int_report_tables') }}
),

compared_forces as (
    select distinct
        quarter,
        force_code,
        cast(date_trunc('month', period_end) as date) as last_month
    from {{ ref('int_open_force_rates') }}
),

ends as (
    select
        reports.quarter,
        reports.force_code,
        table_windows.table_name,
        table_windows.month_count,
        case table_windows.ends_with
            when 'cut_off'
                then reports.last_whole_month
            when 'compared_forces'
                then compared_forces.last_month
            else cast(date_trunc('month', reports.quarter_end_date) as date)
        end as last_month
    from reports
    inner join report_tables
        on reports.quarter = report_tables.quarter
        and reports.force_code = report_tables.force_code
    inner join table_windows on report_tables.table_name = table_windows.table_name
    left join compared_forces
        on reports.quarter = compared_forces.quarter
        and reports.force_code = compared_forces.force_code
),

windows as (
    select
        quarter,
        force_code,
        table_name,
        cast(last_month - to_months(month_count - 1) as date) as first_month,
        last_month
    from ends
    where last_month is not null
),

labelled as (
    select
        *,
        case
            when first_month = last_month then strftime(last_month, '%B %Y')
            else {{ months_label('first_month', 'last_month', first='%B %Y') }}
        end as own_window_label
    from windows
)

select * from labelled
