-- The 95% interval of the change between two counts, and the word of the change. The
-- interval is a quasi-Poisson interval of the ratio of the daily rates. It uses
-- Student's t if the months vary more than counts of independent events do, otherwise
-- the normal distribution. The word comes from the unrounded limits; for example, there
-- is no clear change if the interval includes 1 (docs/decisions/0021).
--
-- The dispersion says how much more the months of two years differ than counts of
-- independent events do. It is the chi-squared statistic of months by years, divided by
-- its degrees of freedom, and at least 1. It is computed over all paired months, and
-- within the four quarters, so that one quarter's lockdown does not widen the interval
-- of another quarter. Fractions are added in the order of the months, so that every
-- build gives exactly the same result.

with

-- Amounts in pounds and kilograms have no interval.
measures as (
    select * from {{ ref('dim_measures') }}
    where {{ counts_events('unit') }}
),

measures_by_area as (
    select * from {{ ref('int_measures_by_area') }}
    where value is not null
),

periods as (
    select
        *,
        date_diff('day', period_start, period_end) + 1 as period_days,
        date_diff('day', base_start, base_end) + 1 as base_days
    from {{ ref('int_compared_periods') }}
    where is_same_season
),

monthly as (
    select measures_by_area.*
    from measures_by_area
    semi join measures on measures_by_area.measure_code = measures.measure_code
),

windows as (
    select distinct
        period_end,
        base_end,
        cast(unnest(generate_series(0, 11)) as integer) as months_before_end
    from periods
),

-- The last 12 months of each period, each with the same calendar month in the 12 months
-- up to the end of its base.
paired_months as (
    select
        *,
        cast(
            date_trunc('month', period_end) - to_months(months_before_end) as date
        ) as month,
        cast(
            date_trunc('month', base_end)
            - to_months((month(base_end) - month(month) + 12) % 12) as date
        ) as base_month
    from windows
),

pairs as (
    select
        current_months.force_code,
        current_months.measure_code,
        current_months.area_level,
        current_months.area_code,
        paired_months.period_end,
        paired_months.base_end,
        paired_months.months_before_end,
        paired_months.months_before_end // 3 as quarters_before_end,
        cast(base_months.value as double) as base_value,
        cast(current_months.value as double) as current_value
    from paired_months
    inner join monthly as current_months
        on paired_months.month = current_months.month
    inner join monthly as base_months
        on paired_months.base_month = base_months.month
        and current_months.force_code = base_months.force_code
        and current_months.measure_code = base_months.measure_code
        and current_months.area_level = base_months.area_level
        and current_months.area_code = base_months.area_code
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

by_year as (
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

dispersions as (
    select
        * exclude (year_dispersion, quarter_dispersion),
        greatest(1, coalesce(year_dispersion, 1)) as year_dispersion,
        greatest(1, coalesce(quarter_dispersion, 1)) as quarter_dispersion
    from by_year
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
