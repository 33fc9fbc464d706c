-- The rows of the tables that list measures: each for the quarter or, if the table has
-- a window of its own, for that; and for the quarters before that the table names.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

tables as (
    select
        *,
        len(string_split(quarters_before, '|')) as quarter_count,
        unnest(string_split(quarters_before, '|')) as months_before
    from {{ ref('table_details') }}
    where row_kind = 'measures'
),

table_measures as (
    select * from {{ ref('table_measures') }}
),

measure_counts as (
    select
        table_name,
        count(*) as measure_count
    from table_measures
    group by all
),

measures as (
    select * from {{ ref('dim_measures') }}
),

windows as (
    select * from {{ ref('int_table_windows') }}
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

quarters as (
    select
        quarter_label,
        min(date_day) as start_date,
        max(date_day) as end_date
    from {{ ref('dim_dates') }}
    group by all
),

listed as (
    select
        reports.quarter,
        reports.force_code,
        tables.table_name,
        row_number() over (
            partition by reports.quarter, reports.force_code, tables.table_name
            order by table_measures.measure_position, quarters.start_date
        ) as row_position,
        concat_ws(
            '|',
            if(measure_counts.measure_count > 1, measures.measure_code, null),
            if(tables.quarter_count > 1, quarters.quarter_label, null)
        ) as row_key,
        measures.measure_code,
        coalesce(regions.area_level, 'force') as area_level,
        coalesce(regions.area_code, reports.force_code) as area_code,
        coalesce(windows.first_month, quarters.start_date) as first_day,
        coalesce(last_day(windows.last_month), quarters.end_date) as last_day,
        measures.measure_name,
        quarters.quarter_label as own_period,
        last_day(windows.last_month) as as_at_date
    from reports
    cross join tables
    inner join table_measures on tables.table_name = table_measures.table_name
    inner join measure_counts on tables.table_name = measure_counts.table_name
    inner join measures on table_measures.measure_code = measures.measure_code
    inner join quarters
        on reports.start_date - to_months(cast(tables.months_before as integer))
        = quarters.start_date
    left join windows
        on reports.quarter = windows.quarter
        and reports.force_code = windows.force_code
        and tables.table_name = windows.table_name
    left join regions
        on reports.force_code = regions.force_code
        and measures.measure_code = regions.measure_code
)

select * from listed
