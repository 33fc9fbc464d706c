-- The comparisons that a table can show: those of a force or a region, and those of
-- areas that have a row. A national archive has fifty times as many comparisons.

with

comparisons as (
    select * from {{ ref('fct_comparisons') }}
),

report_areas as (
    select distinct
        force_code,
        measure_code,
        area_level,
        area_code
    from {{ ref('int_report_areas') }}
),

shown as (
    select comparisons.*
    from comparisons
    left join report_areas
        on comparisons.force_code = report_areas.force_code
        and comparisons.measure_code = report_areas.measure_code
        and comparisons.area_level = report_areas.area_level
        and comparisons.area_code = report_areas.area_code
    where
        comparisons.area_level in ('force', 'region')
        or report_areas.area_code is not null
)

select * from shown
