-- Counts of measures: for any area over the compared periods; stocks and parts of
-- ratios by month and quarter; the lowest, highest and mean month of a quarter; and the
-- outcomes of 12 months.

with

compared as (
    select * from {{ ref('int_shown_comparisons') }}
),

monthly as (
    select * from {{ ref('fct_measures_monthly') }}
),

by_force as (
    select * from {{ ref('int_supplementary_by_force') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

solved as (
    select * from {{ ref('fct_solved_12_months') }}
    where area_level = 'force'
),

open_outcomes as (
    select * from {{ ref('int_open_outcomes') }}
),

quarters as (
    select
        min(date_day) as first_day,
        max(date_day) as last_day
    from {{ ref('dim_dates') }}
    group by quarter
),

counts as (
    select distinct
        force_code,
        measure_code,
        area_level,
        area_code,
        unnest([period_start, base_start]) as first_day,
        unnest([period_end, base_end]) as last_day,
        'count' as statistic,
        unnest([current_count, base_count]) as value
    from compared
),

stocks as (
    select
        by_force.force_code,
        by_force.measure_code,
        'force' as area_level,
        by_force.force_code as area_code,
        by_force.month,
        by_force.value
    from by_force
    inner join measures on by_force.measure_code = measures.measure_code
    where measures.kind = 'stock'
    union all
    select
        monthly.force_code,
        monthly.measure_code,
        monthly.area_level,
        monthly.area_code,
        monthly.month,
        monthly.value
    from monthly
    inner join measures on monthly.measure_code = measures.measure_code
    where measures.kind = 'stock' and monthly.area_level = 'lpa'
),

stock_counts as (
    select
        force_code,
        measure_code,
        area_level,
        area_code,
        month as first_day,
        last_day(month) as last_day,
        'count' as statistic,
        value
    from stocks
),

-- A quarter that was not supplied completely has no sum, and no lowest or highest
-- month.
quarterly as (
    select
        by_force.force_code,
        by_force.measure_code,
        measures.kind,
        quarters.first_day,
        quarters.last_day,
        count(by_force.denominator) = 3 as has_parts,
        count(by_force.value) = 3 as has_values,
        sum(by_force.numerator) as numerator,
        sum(by_force.denominator) as denominator,
        min(by_force.value) as lowest,
        max(by_force.value) as highest,
        cast(10 * sum(by_force.value) as hugeint) as total_tenths
    from by_force
    inner join measures on by_force.measure_code = measures.measure_code
    inner join quarters
        on by_force.month between quarters.first_day and quarters.last_day
    group by all
),

ratio_parts as (
    select
        by_force.force_code,
        by_force.measure_code,
        by_force.month as first_day,
        last_day(by_force.month) as last_day,
        unnest(['numerator', 'denominator']) as statistic,
        unnest([by_force.numerator, by_force.denominator]) as value
    from by_force
    inner join measures on by_force.measure_code = measures.measure_code
    where measures.kind = 'ratio'
    union all
    select
        force_code,
        measure_code,
        first_day,
        last_day,
        unnest(['numerator', 'denominator']) as statistic,
        unnest([
            case when has_parts then numerator end,
            case when has_parts then denominator end
        ]) as value
    from quarterly
    where kind = 'ratio'
),

months_of_quarters as (
    select
        force_code,
        measure_code,
        first_day,
        last_day,
        unnest(['lowest_month', 'highest_month', 'mean_month']) as statistic,
        unnest([
            case when has_values then lowest end,
            case when has_values then highest end,
            case
                when has_values
                    then 0.1 * {{ divide_half_away('total_tenths', '3') }}
            end
        ]) as value
    from quarterly
    where kind = 'flow'
),

solved_counts as (
    select distinct
        force_code,
        measure_code,
        area_level,
        area_code,
        unnest([period_end, last_day(period_end - interval 12 month)]) as period_end,
        unnest([current_solved, previous_solved]) as solved
    from solved
),

outcomes as (
    select
        force_code,
        measure_code,
        area_level,
        area_code,
        period_end,
        'solved_count' as statistic,
        solved as value
    from solved_counts
    union all
    select
        force_code,
        measure_code,
        'force' as area_level,
        force_code as area_code,
        period_end,
        unnest(['known_outcome_count', 'positive_outcome_count']) as statistic,
        unnest([known_outcomes, positives]) as value
    from open_outcomes
),

outcome_counts as (
    select
        * exclude (period_end),
        {{ first_day_of_months(12, 'period_end') }} as first_day,
        period_end as last_day
    from outcomes
),

of_the_force as (
    select
        *,
        'force' as area_level,
        force_code as area_code
    from ratio_parts
    union all by name
    select
        *,
        'force' as area_level,
        force_code as area_code
    from months_of_quarters
),

together as (
    select * from counts
    union all by name
    select * from stock_counts
    union all by name
    select * from of_the_force
    union all by name
    select * from outcome_counts
),

-- No decimal type has both the digits of sums and the places of other values, so all
-- are cast to this one.
exact as (
    select * replace (cast(value as decimal(18, 3)) as value)
    from together
)

select * from exact
