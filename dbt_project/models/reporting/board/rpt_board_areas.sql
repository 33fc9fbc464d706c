-- The areas in both periods, for the measures in seeds/layout/board_area_measures.csv,
-- with the largest present count first: those of the annex's tables by district,
-- without crimes elsewhere and without the total.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

board_measures as (
    select * from {{ ref('rpt_board_measures') }}
),

area_measures as (
    select * from {{ ref('board_area_measures') }}
),

-- The tables of a measure have the same areas.
own_areas as (
    select distinct
        quarter,
        force_code,
        measure_code,
        area_level,
        area_code,
        area_name
    from {{ ref('int_report_areas') }}
    where not is_elsewhere
),

comparisons as (
    select * from {{ ref('fct_comparisons') }}
    where comparison_code = 'previous_12_months'
),

compared as (
    select
        board_measures.quarter,
        board_measures.force_code,
        board_measures.measure,
        row_number() over (
            partition by
                board_measures.quarter,
                board_measures.force_code,
                board_measures.measure
            order by
                comparisons.current_total desc nulls last,
                own_areas.area_name asc
        ) as row_position,
        own_areas.area_level,
        own_areas.area_name,
        cast(comparisons.base_total as bigint) as base_count,
        cast(comparisons.current_total as bigint) as current_count,
        cast(comparisons.total_difference as bigint) as difference,
        comparisons.change_code,
        {{ comparison_status('comparisons') }} as status
    from board_measures
    inner join reports using (quarter, force_code)
    inner join area_measures
        on board_measures.measure = area_measures.measure_code
    inner join own_areas
        on board_measures.quarter = own_areas.quarter
        and board_measures.force_code = own_areas.force_code
        and board_measures.measure = own_areas.measure_code
    left join comparisons
        on board_measures.force_code = comparisons.force_code
        and board_measures.measure = comparisons.measure_code
        and own_areas.area_level = comparisons.area_level
        and own_areas.area_code = comparisons.area_code
        and reports.quarter_end_date = comparisons.period_end
),

with_extremes as (
    select
        *,
        {{ extremes('current_count', 'line') }}
    from compared
    window line as (partition by quarter, force_code, measure)
)

select * from with_extremes
