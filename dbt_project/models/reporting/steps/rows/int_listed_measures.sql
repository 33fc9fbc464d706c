-- The measures that each table of a report lists, in order. A measure of a region has
-- the region's figures; every other measure has the force's.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

table_measures as (
    select
        *,
        count(*) over (partition by table_name) as measure_count
    from {{ ref('table_measures') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

regions as (
    select distinct
        force_code,
        measure_code,
        area_level,
        area_code
    from {{ ref('fct_measures_monthly') }}
    where area_level = 'region'
),

listed as (
    select
        reports.quarter,
        reports.force_code,
        table_measures.table_name,
        table_measures.measure_position,
        table_measures.measure_count,
        measures.measure_code,
        measures.measure_name,
        coalesce(regions.area_level, 'force') as area_level,
        coalesce(regions.area_code, reports.force_code) as area_code,
        reports.strategy_code,
        reports.start_date,
        reports.end_date
    from reports
    cross join table_measures
    inner join measures on table_measures.measure_code = measures.measure_code
    left join regions
        on reports.force_code = regions.force_code
        and measures.measure_code = regions.measure_code
)

select * from listed
