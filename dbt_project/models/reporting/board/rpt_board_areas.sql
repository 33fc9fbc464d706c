-- The districts in both periods, for the measures in
-- seeds/layout/board_area_measures.csv, with the largest present count first. Unknown,
-- Outside the force and Not recognised are left out.

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

districts as (
    select * from {{ ref('int_districts') }}
),

comparisons as (
    select * from {{ ref('fct_comparisons') }}
    where area_level = 'district' and comparison_code = 'previous_12_months'
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
                districts.district_name asc
        ) as row_position,
        districts.district_name as area_name,
        cast(comparisons.base_total as bigint) as base_count,
        cast(comparisons.current_total as bigint) as current_count,
        cast(comparisons.total_difference as bigint) as difference,
        comparisons.change_code,
        {{ comparison_status('comparisons') }} as status
    from board_measures
    inner join reports using (quarter, force_code)
    inner join area_measures
        on board_measures.measure = area_measures.measure_code
    inner join districts on board_measures.force_code = districts.force_code
    left join comparisons
        on board_measures.force_code = comparisons.force_code
        and board_measures.measure = comparisons.measure_code
        and districts.district_code = comparisons.area_code
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
