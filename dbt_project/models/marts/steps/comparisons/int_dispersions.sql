-- The dispersion: how much more the months of two years differ than counts of
-- independent events do. It is the chi-squared statistic of months by years, divided by
-- its degrees of freedom, and at least 1. It is computed over all paired months, and
-- within the four quarters, so that one quarter's lockdown does not widen the interval
-- of another quarter. Fractions are added in the order of the months, so that every
-- build gives exactly the same result.

with

pairs as (
    select
        *,
        months_before_end // 3 as quarters_before_end
    from {{ ref('int_month_pairs') }}
),

with_totals as (
    select
        *,
        sum(base_value) over years as base_total,
        sum(current_value) over years as current_total,
        sum(base_value) over quarters as base_quarter,
        sum(current_value) over quarters as current_quarter
    from pairs
    window
        years as (
            partition by
                force_code,
                measure_code,
                area_level,
                area_code,
                period_end,
                base_end
        ),
        quarters as (
            partition by
                force_code,
                measure_code,
                area_level,
                area_code,
                period_end,
                base_end,
                quarters_before_end
        )
),

with_parts as (
    select
        *,
        base_value + current_value > 0 as has_count,
        {{ chi_squared_part('base_total', 'current_total') }} as year_part,
        {{ chi_squared_part('base_quarter', 'current_quarter') }} as quarter_part
    from with_totals
),

by_quarter as (
    select
        force_code,
        measure_code,
        area_level,
        area_code,
        period_end,
        base_end,
        quarters_before_end,
        count(*) as month_count,
        count(*) filter (where has_count) as counted_months,
        sum(year_part order by months_before_end) as year_part,
        sum(quarter_part order by months_before_end) as quarter_part,
        bool_or(quarter_part is not null) as has_both_years,
        count(*) filter (where current_value < base_value) as months_lower,
        count(*) filter (where current_value > base_value) as months_higher,
        count(*) filter (where current_value = base_value) as months_equal
    from with_parts
    group by all
),

summed as (
    select
        force_code,
        measure_code,
        area_level,
        area_code,
        period_end,
        base_end,
        sum(month_count) as paired_months,
        sum(year_part order by quarters_before_end)
        / nullif(sum(counted_months) - 1, 0) as year_dispersion,
        sum(quarter_part order by quarters_before_end)
        / nullif(sum(counted_months - 1) filter (where has_both_years), 0)
            as quarter_dispersion,
        sum(months_lower) as months_lower,
        sum(months_higher) as months_higher,
        sum(months_equal) as months_equal
    from by_quarter
    group by all
),

bounded as (
    select
        * exclude (year_dispersion, quarter_dispersion),
        greatest(1, coalesce(year_dispersion, 1)) as year_dispersion,
        greatest(1, coalesce(quarter_dispersion, 1)) as quarter_dispersion
    from summed
)

select * from bounded
