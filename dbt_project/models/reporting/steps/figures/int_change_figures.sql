-- Figures that are made from two counts: changes with their limits and their code,
-- shares with theirs, and rates.

with

compared as (
    select * from {{ ref('int_shown_comparisons') }}
),

solved as (
    select * from {{ ref('fct_solved_12_months') }}
    where area_level = 'force'
),

open_outcomes as (
    select * from {{ ref('int_open_outcomes') }}
),

counted as (
    select * from {{ ref('int_counted_figures') }}
    where statistic in ('numerator', 'denominator')
),

-- `distinct`, because two comparisons can have the same periods: the first month of a
-- quarter is also the month two months before its last.
changes as (
    select distinct
        force_code,
        measure_code,
        area_level,
        area_code,
        period_start as first_day,
        period_end as last_day,
        base_start as base_first_day,
        base_end as base_last_day,
        unnest(['difference', 'difference_pct', 'ratio_lower', 'ratio_upper'])
            as statistic,
        unnest([
            difference,
            cast(difference_pct as decimal(18, 3)),
            cast(range_lower_pct as decimal(18, 3)),
            cast(range_upper_pct as decimal(18, 3))
        ]) as value,
        unnest([null, difference, null, null]) as numerator,
        unnest([null, base_count, null, null]) as denominator,
        change_code
    from compared
),

solved_periods as (
    select
        * exclude (period_end),
        {{ first_day_of_months(12, 'period_end') }} as first_day,
        period_end as last_day,
        {{ first_day_of_months(24, 'period_end') }} as base_first_day,
        last_day(period_end - interval 12 month) as base_last_day
    from solved
),

solved_shares as (
    select distinct
        force_code,
        measure_code,
        area_level,
        area_code,
        unnest([first_day, base_first_day]) as first_day,
        unnest([last_day, base_last_day]) as last_day,
        'solved_share' as statistic,
        unnest([current_solved_pct, previous_solved_pct]) as value,
        unnest([current_solved, previous_solved]) as numerator,
        unnest([current_recorded, previous_recorded]) as denominator
    from solved_periods
),

solved_changes as (
    select
        force_code,
        measure_code,
        area_level,
        area_code,
        first_day,
        last_day,
        base_first_day,
        base_last_day,
        'share_points' as statistic,
        difference_points as value,
        change_code
    from solved_periods
),

ratio_parts as (
    select
        force_code,
        measure_code,
        area_level,
        area_code,
        first_day,
        last_day,
        max(value) filter (where statistic = 'numerator') as numerator,
        max(value) filter (where statistic = 'denominator') as denominator
    from counted
    group by all
),

shares as (
    select
        *,
        'share' as statistic,
        {{ percentage('numerator', 'denominator') }} as value
    from ratio_parts
),

open_rates as (
    select
        force_code,
        measure_code,
        'force' as area_level,
        force_code as area_code,
        {{ first_day_of_months(12, 'period_end') }} as first_day,
        period_end as last_day,
        unnest(['positive_share', 'rate_per_1000']) as statistic,
        unnest([
            {{ percentage('positives', 'known_outcomes') }},
            {{ rate_per_1000('recorded', 'population') }}
        ]) as value,
        unnest([positives, null]) as numerator,
        unnest([known_outcomes, null]) as denominator
    from open_outcomes
),

together as (
    select * from changes
    union all by name
    select * from solved_shares
    union all by name
    select * from solved_changes
    union all by name
    select * from shares
    union all by name
    select * from open_rates
),

-- No decimal type has both the digits of sums and the places of other values, so all
-- are cast to this one.
exact as (
    select
        * replace (
            cast(value as decimal(18, 3)) as value,
            cast(numerator as decimal(18, 3)) as numerator,
            cast(denominator as decimal(18, 3)) as denominator
        )
    from together
)

select * from exact
