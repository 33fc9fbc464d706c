-- The 12 months that end with each month, and the 12 months before them. The sums are
-- made in fct_comparisons, the periods in int_compared_periods.

with

comparisons as (
    select * from {{ ref('fct_comparisons') }}
    where comparison_code = 'previous_12_months' and area_level <> 'combined_area'
),

measures as (
    select * from {{ ref('dim_measures') }}
    where {{ counts_events('measure_unit') }}
),

rolling as (
    select
        comparisons.force_code,
        comparisons.measure_code,
        comparisons.area_level,
        comparisons.area_code,
        comparisons.period_end,
        cast(comparisons.base_total as bigint) as previous_12_months,
        cast(comparisons.current_total as bigint) as current_12_months,
        cast(comparisons.total_difference as bigint) as difference,
        comparisons.difference_pct
    from comparisons
    semi join measures on comparisons.measure_code = measures.measure_code
)

select * from rolling
