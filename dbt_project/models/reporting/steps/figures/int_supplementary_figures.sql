-- Figures of the supplementary extracts: stocks and parts of ratios by month and
-- quarter, with the ratio's share; the lowest, highest and mean month of a quarter; and
-- each unit's results over its own period, and the two that are compared, with their
-- change.

with

by_force as (
    select * from {{ ref('int_supplementary_by_force') }}
),

monthly as (
    select * from {{ ref('fct_measures_monthly') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

quarters as (
    select
        min(date_day) as first_day,
        max(date_day) as last_day
    from {{ ref('dim_dates') }}
    group by quarter
),

unit_periods as (
    select * from {{ ref('int_unit_periods') }}
    where measure_code is not null
),

unit_comparisons as (
    select * from {{ ref('int_unit_comparisons') }}
),

breakdowns as (
    select * from {{ ref('fct_measure_breakdowns_monthly') }}
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
        cast(by_force.numerator as decimal(18, 3)) as numerator,
        cast(by_force.denominator as decimal(18, 3)) as denominator
    from by_force
    inner join measures on by_force.measure_code = measures.measure_code
    where measures.kind = 'ratio'
    union all
    select
        force_code,
        measure_code,
        first_day,
        last_day,
        cast(case when has_parts then numerator end as decimal(18, 3)) as numerator,
        cast(case when has_parts then denominator end as decimal(18, 3)) as denominator
    from quarterly
    where kind = 'ratio'
),

ratios as (
    select
        * exclude (numerator, denominator),
        unnest(['numerator', 'denominator', 'share']) as statistic,
        unnest([
            numerator,
            denominator,
            {{ percentage('numerator', 'denominator') }}
        ]) as value,
        unnest([null, null, numerator]) as numerator,
        unnest([null, null, denominator]) as denominator
    from ratio_parts
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
                    then
                        cast(
                            0.1 * {{ divide_half_away('total_tenths', '3') }}
                            as decimal(18, 3)
                        )
            end
        ]) as value
    from quarterly
    where kind = 'flow'
),

of_the_force as (
    select
        *,
        'force' as area_level,
        force_code as area_code
    from ratios
    union all by name
    select
        *,
        'force' as area_level,
        force_code as area_code
    from months_of_quarters
),

unit_spans as (
    select distinct
        force_code,
        measure_code,
        breakdown,
        category,
        first_month,
        last_month,
        is_covered
        and part_first_month <= if(is_rare, last_month, first_month) as is_known
    from unit_periods
),

unit_sums as (
    select
        unit_spans.force_code,
        unit_spans.measure_code,
        unit_spans.breakdown,
        unit_spans.category,
        'force' as area_level,
        unit_spans.force_code as area_code,
        unit_spans.first_month as first_day,
        last_day(unit_spans.last_month) as last_day,
        'count' as statistic,
        unit_spans.is_known,
        coalesce(sum(breakdowns.value), 0) as quantity
    from unit_spans
    left join breakdowns
        on unit_spans.force_code = breakdowns.force_code
        and unit_spans.measure_code = breakdowns.measure_code
        and unit_spans.breakdown = breakdowns.breakdown
        and unit_spans.category = breakdowns.category
        and breakdowns.month between unit_spans.first_month and unit_spans.last_month
    group by all
),

-- A month without any line of the unit has no value, not 0.
own_unit_figures as (
    select
        * exclude (is_known, quantity),
        cast(case when is_known then quantity end as decimal(18, 3)) as value
    from unit_sums
),

compared_unit_figures as (
    select
        force_code,
        measure_code,
        breakdown,
        category,
        unnest([period_start, base_start]) as first_day,
        unnest([period_end, base_end]) as last_day,
        unnest([current_count, base_count]) as value
    from unit_comparisons
),

-- The period of a unit that reports for 12 months or fewer is the one compared.
unit_figures as (
    select * from own_unit_figures
    union by name
    select
        *,
        'force' as area_level,
        force_code as area_code,
        'count' as statistic
    from compared_unit_figures
),

unit_changes as (
    select
        force_code,
        measure_code,
        breakdown,
        category,
        'force' as area_level,
        force_code as area_code,
        {{ figures_of_change() }}
    from unit_comparisons
),

together as (
    select * from stock_counts
    union all by name
    select * from of_the_force
    union all by name
    select * from unit_figures
    union all by name
    select * from unit_changes
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
