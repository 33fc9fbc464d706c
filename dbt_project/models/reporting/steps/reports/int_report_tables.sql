-- The tables of each report. A table is left out if it has measures, and all of them
-- inform only strands of other strategies; or if it is about units, and the force has
-- never delivered results of units.

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

tables_of_units as (
    select * from {{ ref('table_details') }}
    where row_kind in ('units', 'units_compared')
),

loads as (
    select distinct
        force_code,
        extract
    from {{ ref('fct_loads') }}
),

own_tables as (
    select
        reports.quarter,
        reports.force_code,
        report_tables.table_name
    from reports
    cross join report_tables
    left join tables_of_units
        on report_tables.table_name = tables_of_units.table_name
    left join loads
        on reports.force_code = loads.force_code
        and tables_of_units.extract = loads.extract
    anti join tables_of_others
        on reports.quarter = tables_of_others.quarter
        and reports.force_code = tables_of_others.force_code
        and report_tables.table_name = tables_of_others.part_name
    where tables_of_units.extract is null or loads.extract is not null
)

select * from own_tables
