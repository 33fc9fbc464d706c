-- The figures that a pack prints. A figure has the same id in every table and quarter;
-- rpt_cells has the places where it is printed.

with

cells as (
    select * from {{ ref('rpt_cells') }}
    where number_format <> 'text' and figure_id is not null
),

measures as (
    select * from {{ ref('dim_measures') }}
),

pack_measures as (
    select * from {{ ref('pack_measures') }}
),

printed as (
    select
        cells.force_code,
        cells.figure_id,
        cells.measure_code,
        coalesce(measures.measure_name, pack_measures.measure_name) as measure_name,
        cells.breakdown,
        cells.category,
        cells.area_level,
        cells.area_code,
        max(cells.area_name) as area_name,
        cells.statistic,
        cells.change_code,
        cells.figure_value,
        cells.figure_numerator,
        cells.figure_denominator,
        cells.first_day,
        cells.last_day,
        cells.base_first_day,
        cells.base_last_day
    from cells
    left join measures on cells.measure_code = measures.measure_code
    left join pack_measures on cells.measure_code = pack_measures.measure_code
    group by all
)

select * from printed
