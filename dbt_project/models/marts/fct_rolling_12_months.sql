-- The 12 months that end with each month, and the 12 months before them. The sums are
-- made in fct_comparisons, the periods in int_compared_periods.

with

comparisons as (
    select * from {{ ref('fct_comparisons') }}
    where comparison_code = 'previous_12_months' and area_level <> 'combined_area'
),

rolling as (
    select
        force_code,
        measure_code,
        area_level,
        area_code,
        period_end,
        base_count as previous_12_months,
        current_count as current_12_months,
        difference,
        difference_pct
    from comparisons
)

select * from rolling
