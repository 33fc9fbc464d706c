-- The word comes from the range: one that includes no change is no clear change.

with

comparisons as (
    select * from {{ ref('int_report_comparisons') }}
    where comparison in ('previous_12_months', 'before_pandemic')
),

worded as (
    select
        quarter,
        force_code,
        row_number() over (
            partition by quarter, force_code
            order by comparison desc, row_position asc
        ) as row_position,
        measure,
        measure_name,
        comparison,
        comparison_name,
        base_period,
        period_end,
        base_count,
        current_count,
        range_lower_pct,
        range_upper_pct,
        {{ change_word('change_code') }} as change_word,
        status
    from comparisons
)

select * from worded
