with

areas as (
    select * from {{ ref('int_report_areas') }}
    where table_name = 'district_12_months'
),

comparisons as (
    select * from {{ ref('fct_comparisons') }}
    where comparison_code = 'previous_12_months'
),

compared as (
    select
        areas.quarter,
        areas.force_code,
        areas.row_position,
        areas.area_name,
        areas.strand,
        areas.measure_code as measure,
        areas.measure_name,
        areas.end_date as period_end,
        cast(comparisons.base_count as bigint) as previous_12_months,
        cast(comparisons.current_count as bigint) as current_12_months,
        cast(comparisons.difference as bigint) as difference,
        comparisons.difference_pct,
        {{ change_word('comparisons.change_code') }} as change_word,
        {{ status('comparisons.difference is not null') }} as status
    from areas
    left join comparisons
        on areas.force_code = comparisons.force_code
        and areas.measure_code = comparisons.measure_code
        and areas.area_level = comparisons.area_level
        and areas.area_code = comparisons.area_code
        and areas.end_date = comparisons.period_end
)

select * from compared
