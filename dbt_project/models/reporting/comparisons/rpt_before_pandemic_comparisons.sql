with

comparisons as (
    select * from {{ ref('int_report_comparisons') }}
    where table_name = 'before_pandemic_comparisons'
),

chosen as (
    select
        quarter,
        force_code,
        row_position,
        measure,
        measure_name,
        comparison,
        comparison_name,
        period,
        base_period,
        period_end,
        base_count,
        current_count,
        difference,
        difference_pct,
        status
    from comparisons
)

select * from chosen
