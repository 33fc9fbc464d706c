{{ config(materialized='table') }}

-- Every row of every table that is laid out from figures: what its figures count, its
-- labels, and the key that identifies it in every build. The rows by month are made
-- here: one for each month, or for each month and measure or area.

with

tables as (
    select * from {{ ref('table_details') }}
),

report_measures as (
    select * from {{ ref('int_report_measures') }}
    where is_reported
),

report_months as (
    select * from {{ ref('int_report_months') }}
),

windows as (
    select * from {{ ref('int_table_windows') }}
),

calendar_months as (
    select distinct
        month_start_date as month,
        month_key,
        month_label
    from {{ ref('dim_dates') }}
),

lpas as (
    select distinct
        force_code,
        lpa_name
    from {{ ref('int_districts') }}
    where lpa_name is not null
),

table_months as (
    select
        windows.quarter,
        windows.force_code,
        tables.table_name,
        tables.row_kind,
        tables.measure_code,
        calendar_months.month,
        calendar_months.month_key,
        calendar_months.month_label
    from windows
    inner join tables on windows.table_name = tables.table_name
    inner join calendar_months
        on calendar_months.month between windows.first_month and windows.last_month
),

measures_by_month as (
    select
        report_measures.quarter,
        report_measures.force_code,
        tables.table_name,
        report_measures.row_position as group_position,
        report_measures.measure_code,
        report_measures.measure_name,
        'force' as area_level,
        report_measures.force_code as area_code,
        null as lpa,
        report_measures.measure_code as row_key,
        report_months.month,
        report_months.month_key,
        report_months.month_label
    from tables
    cross join report_measures
    inner join report_months using (quarter, force_code)
    where tables.row_kind = 'measures_by_month'
),

in_months as (
    select
        table_months.quarter,
        table_months.force_code,
        table_months.table_name,
        1 as group_position,
        table_months.measure_code,
        null as measure_name,
        'force' as area_level,
        table_months.force_code as area_code,
        null as lpa,
        null as row_key,
        table_months.month,
        table_months.month_key,
        table_months.month_label
    from table_months
    where table_months.row_kind = 'months'
),

areas_by_month as (
    select
        table_months.quarter,
        table_months.force_code,
        table_months.table_name,
        dense_rank() over (
            partition by table_months.force_code order by lpas.lpa_name
        ) as group_position,
        table_months.measure_code,
        null as measure_name,
        'lpa' as area_level,
        lpas.lpa_name as area_code,
        lpas.lpa_name as lpa,
        lpas.lpa_name as row_key,
        table_months.month,
        table_months.month_key,
        table_months.month_label
    from table_months
    inner join lpas on table_months.force_code = lpas.force_code
    where table_months.row_kind = 'areas_by_month'
),

by_month as (
    select * from measures_by_month
    union all
    select * from in_months
    union all
    select * from areas_by_month
),

month_rows as (
    select
        quarter,
        force_code,
        table_name,
        row_number() over (
            partition by quarter, force_code, table_name
            order by group_position, month
        ) as row_position,
        concat_ws('|', row_key, month_key) as row_key,
        measure_code,
        area_level,
        area_code,
        month as first_day,
        last_day(month) as last_day,
        measure_name,
        lpa,
        month,
        month_label
    from by_month
),

together as (
    select * from month_rows
    union all by name
    select * from {{ ref('int_measure_rows') }}
    union all by name
    select * exclude (held_line_count) from {{ ref('int_category_rows') }}
    union all by name
    select * from {{ ref('int_unit_rows') }}
    union all by name
    select * exclude (lower_limit, average, upper_limit)
    from {{ ref('int_range_rows') }}
    union all by name
    select * exclude (days_late) from {{ ref('int_plan_rows') }}
)

select * from together
