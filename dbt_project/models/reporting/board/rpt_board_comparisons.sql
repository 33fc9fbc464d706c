-- The comparisons that the board report makes of each measure: of 12 months, of a
-- quarter and of before the pandemic, and of the same months of both years if open
-- data have too few for 12. No comparison is of different seasons, or of periods that
-- share a day.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

board_measures as (
    select * from {{ ref('rpt_board_measures') }}
),

periods as (
    select * from {{ ref('int_compared_periods') }}
    where
        comparison_code in (
            'previous_12_months',
            'same_months',
            'same_quarter_last_year',
            'before_pandemic'
        )
),

same_months as (
    select * from {{ ref('int_same_months') }}
),

comparisons as (
    select * from {{ ref('fct_comparisons') }}
    where area_level = 'force'
),

spread as (
    select
        board_measures.quarter,
        board_measures.force_code,
        board_measures.row_position,
        board_measures.measure,
        periods.comparison_code as comparison,
        periods.period_start,
        periods.period_end,
        periods.base_start,
        periods.base_end,
        cast(comparisons.base_total as bigint) as base_count,
        cast(comparisons.current_total as bigint) as current_count,
        cast(comparisons.total_difference as bigint) as difference,
        comparisons.difference_pct,
        comparisons.change_code,
        {{ signed_digits('comparisons.range_lower_pct') }} as range_lower_text,
        {{ signed_digits('comparisons.range_upper_pct') }} as range_upper_text,
        comparisons.clearness,
        comparisons.months_lower,
        comparisons.months_higher,
        comparisons.months_equal,
        {{ comparison_status('comparisons') }} as status
    from board_measures
    inner join reports using (quarter, force_code)
    left join same_months
        on reports.force_code = same_months.force_code
        and reports.quarter_end_date = same_months.quarter_end_date
    inner join periods
        on if(
            periods.comparison_code = 'same_months',
            same_months.period_end = periods.period_end
            and same_months.month_count = periods.month_count,
            reports.quarter_end_date = periods.period_end
        )
        and board_measures.force_code
        = coalesce(periods.force_code, board_measures.force_code)
    left join comparisons
        on board_measures.force_code = comparisons.force_code
        and board_measures.measure = comparisons.measure_code
        and periods.comparison_code = comparisons.comparison_code
        and periods.period_start = comparisons.period_start
        and periods.period_end = comparisons.period_end
)

select * from spread
