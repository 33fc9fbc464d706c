-- The comparisons of each report, for every measure of it. Months are shown for each
-- month of the quarter, everything longer for its end.

with

report_measures as (
    select * from {{ ref('int_report_measures') }}
),

comparisons as (
    select * from {{ ref('comparisons') }}
),

periods as (
    select * from {{ ref('int_compared_periods') }}
),

compared as (
    select * from {{ ref('fct_comparisons') }}
    where area_level = 'force'
),

spread as (
    select
        report_measures.quarter,
        report_measures.force_code,
        row_number() over (
            partition by
                report_measures.quarter,
                report_measures.force_code,
                comparisons.table_name
            order by
                report_measures.row_position,
                periods.period_end,
                comparisons.comparison_position
        ) as row_position,
        comparisons.table_name,
        report_measures.strand_name as strand,
        report_measures.measure_code as measure,
        report_measures.measure_name,
        comparisons.comparison_code as comparison,
        comparisons.comparison_name,
        periods.period_label as period,
        periods.base_period_label as base_period,
        periods.period_end,
        cast(compared.base_count as bigint) as base_count,
        cast(compared.current_count as bigint) as current_count,
        cast(compared.difference as bigint) as difference,
        compared.difference_pct,
        compared.range_lower_pct,
        compared.range_upper_pct,
        compared.change_code,
        {{ status('compared.difference is not null') }} as status
    from report_measures
    cross join comparisons
    inner join periods
        on comparisons.comparison_code = periods.comparison_code
        and (
            report_measures.end_date = periods.period_end
            or (
                comparisons.period_months = 1
                and report_measures.end_date >= periods.period_end
                and report_measures.end_date - interval 3 month < periods.period_start
            )
        )
    left join compared
        on report_measures.force_code = compared.force_code
        and report_measures.measure_code = compared.measure_code
        and comparisons.comparison_code = compared.comparison_code
        and periods.period_end = compared.period_end
)

select * from spread
