-- The tables of each report. A table is left out if it has measures, and all of them
-- inform only strands of other strategies.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

report_tables as (
    select * from {{ ref('report_tables') }}
),

listed_measures as (
    select * from {{ ref('table_measures') }}
),

district_tables as (
    select * from {{ ref('district_tables') }}
),

table_details as (
    select * from {{ ref('table_details') }}
),

table_columns as (
    select * from {{ ref('table_columns') }}
),

column_figures as (
    select * from {{ ref('column_figures') }}
),

measures_of_others as (
    select * from {{ ref('int_measures_of_others') }}
),

table_measures as (
    select
        table_name,
        measure_code
    from listed_measures
    union
    select
        table_name,
        measure_code
    from district_tables
    union
    select
        table_name,
        measure_code
    from table_details
    where measure_code is not null
    union
    select
        table_columns.table_name,
        column_figures.measure_code
    from table_columns
    inner join column_figures
        on table_columns.column_name = column_figures.column_name
        and table_columns.table_name
        = coalesce(column_figures.table_name, table_columns.table_name)
    where column_figures.measure_code is not null
),

own_tables as (
    select
        reports.quarter,
        reports.force_code,
        report_tables.table_name
    from reports
    cross join report_tables
    left join table_measures on report_tables.table_name = table_measures.table_name
    left join measures_of_others
        on reports.quarter = measures_of_others.quarter
        and reports.force_code = measures_of_others.force_code
        and table_measures.measure_code = measures_of_others.measure_code
    group by reports.quarter, reports.force_code, report_tables.table_name
    having
        count(table_measures.measure_code) = 0
        or count(table_measures.measure_code) > count(measures_of_others.measure_code)
)

select * from own_tables
