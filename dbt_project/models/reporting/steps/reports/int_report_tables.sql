-- The tables of each report. A table is left out if it has measures, and all of them
-- inform only strands of other strategies.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

report_tables as (
    select * from {{ ref('report_tables') }}
),

tables_of_others as (
    select * from {{ ref('int_parts_of_others') }}
    where part_kind = 'table'
),

own_tables as (
    select
        reports.quarter,
        reports.force_code,
        report_tables.table_name
    from reports
    cross join report_tables
    anti join tables_of_others
        on reports.quarter = tables_of_others.quarter
        and reports.force_code = tables_of_others.force_code
        and report_tables.table_name = tables_of_others.part_name
)

select * from own_tables
