-- The 95% interval of the change between two counts, and the word of the change. The
-- interval is a quasi-Poisson interval of the ratio of the daily rates. It uses
-- Student's t if the months vary more than counts of independent events do, otherwise
-- the normal distribution. The word comes from the unrounded limits; for example, there
-- is no clear change if the interval includes 1 (docs/decisions/0021).

with

pairs as (
    select * from {{ ref('int_month_pairs') }}
),

dispersions as (
    select * from {{ ref('int_dispersions') }}
),

periods as (
    select
        *,
        date_diff('day', period_start, period_end) + 1 as period_days,
        date_diff('day', base_start, base_end) + 1 as base_days
    from {{ ref('int_compared_periods') }}
    where is_same_season
),

-- Only periods in which every month has a pair.
counts as (
    select
        pairs.force_code,
        pairs.measure_code,
        pairs.area_level,
        pairs.area_code,
        periods.comparison_code,
        periods.month_count,
        periods.period_end,
        periods.base_end,
        periods.base_days / periods.period_days as day_ratio,
        sum(pairs.base_value) as a,
        sum(pairs.current_value) as b
    from pairs
    inner join periods
        on pairs.period_end = periods.period_end
        and pairs.base_end = periods.base_end
        and pairs.months_before_end < periods.month_count
    group by all
    having count(*) = any_value(periods.month_count)
),

dispersed as (
    select
        counts.*,
        dispersions.paired_months,
        dispersions.months_lower,
        dispersions.months_higher,
        dispersions.months_equal,
        counts.month_count < 12 and dispersions.paired_months = 12 as is_by_quarter,
        if(
            counts.month_count < 12 and dispersions.paired_months = 12,
            dispersions.quarter_dispersion,
            dispersions.year_dispersion
        ) as phi
    from counts
    inner join dispersions
        using (
            force_code, measure_code, area_level, area_code, period_end, base_end
        )
),

with_quantile as (
    select
        *,
        case
            when phi = 1 then {{ normal_quantile() }}
            else {{ t_quantile('if(is_by_quarter, 8, paired_months - 1)') }}
        end as q
    from dispersed
),

limited as (
    select
        *,
        {{ ratio_lower('a', 'b', 'day_ratio', 'phi', 'q') }} as lower,
        {{ ratio_upper('a', 'b', 'day_ratio', 'phi', 'q') }} as upper,
        {{ ratio_lower('a', 'b', 'day_ratio', '1', normal_quantile()) }}
            as poisson_lower,
        {{ ratio_upper('a', 'b', 'day_ratio', '1', normal_quantile()) }}
            as poisson_upper,
        case
            when a > 0 and b > 0
                then ln(b / a * day_ratio) / sqrt(phi * (1 / a + 1 / b))
        end as z
    from with_quantile
),

judged as (
    select
        *,
        case
            when a + b < 20 then 'too_few'
            when paired_months < 4 then null
            when lower > 1 then 'higher'
            when upper < 1 then 'lower'
            when
                month_count = 12
                and phi > 2.84
                and abs(b - a) >= 0.1 * a
                and (poisson_lower > 1 or poisson_upper < 1)
                then 'uneven'
            else 'no_clear_change'
        end as change_code
    from limited
),

printed as (
    select
        force_code,
        measure_code,
        area_level,
        area_code,
        comparison_code,
        period_end,
        change_code,
        cast(round(phi, 4) as decimal(12, 4)) as dispersion,
        case when change_code <> 'too_few' then {{ limit_pct('lower') }} end
            as range_lower_pct,
        case when change_code <> 'too_few' then {{ limit_pct('upper') }} end
            as range_upper_pct,
        cast(round(z, 2) as decimal(12, 2)) as clearness,
        if(month_count = 12, cast(months_lower as bigint), null) as months_lower,
        if(month_count = 12, cast(months_higher as bigint), null) as months_higher,
        if(month_count = 12, cast(months_equal as bigint), null) as months_equal
    from judged
)

select * from printed
