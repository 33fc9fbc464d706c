-- How far chance can explain a change between two 12-month counts, a (base) and b: the
-- interval of their ratio, widened by the dispersion phi of the months around the two
-- years' common pattern. Equal to a quasi-Poisson model with month and year effects.
-- Counts of events only: pounds and kilograms have no such interval.

with

comparable_areas as (
    select * from {{ ref('int_comparable_areas') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
    where unit in ('crimes', 'incidents')
),

periods as (
    select * from {{ ref('int_compared_periods') }}
    where month_count = 12
),

counts as (
    select comparable_areas.*
    from comparable_areas
    inner join measures on comparable_areas.measure_code = measures.measure_code
    where comparable_areas.value is not null
),

current_months as (
    select
        counts.force_code,
        counts.measure_code,
        counts.area_level,
        counts.area_code,
        periods.comparison_code,
        periods.period_end,
        periods.base_start,
        periods.base_end,
        month(counts.month) as calendar_month,
        counts.value
    from counts
    inner join periods
        on counts.month between periods.period_start and periods.period_end
),

-- The same calendar month of both years.
pairs as (
    select
        current_months.force_code,
        current_months.measure_code,
        current_months.area_level,
        current_months.area_code,
        current_months.comparison_code,
        current_months.period_end,
        cast(counts.value as double) as a,
        cast(current_months.value as double) as b
    from current_months
    inner join counts
        on current_months.force_code = counts.force_code
        and current_months.measure_code = counts.measure_code
        and current_months.area_level = counts.area_level
        and current_months.area_code = counts.area_code
        and current_months.calendar_month = month(counts.month)
        and counts.month between current_months.base_start and current_months.base_end
),

totals as (
    select
        force_code,
        measure_code,
        area_level,
        area_code,
        comparison_code,
        period_end,
        count(*) as month_count,
        sum(a) as total_a,
        sum(b) as total_b
    from pairs
    group by all
),

-- Chi-squared of the 2 × 12 table, in the form that needs no expected counts.
dispersed as (
    select
        totals.*,
        greatest(
            1,
            sum(
                power(pairs.a * totals.total_b - pairs.b * totals.total_a, 2)
                / nullif((pairs.a + pairs.b) * totals.total_a * totals.total_b, 0)
            ) / 11
        ) as phi
    from totals
    inner join pairs
        using (
            force_code, measure_code, area_level, area_code, comparison_code, period_end
        )
    where totals.month_count = 12 and totals.total_a > 0 and totals.total_b > 0
    group by all
),

with_width as (
    select
        *,
        ln(total_b / total_a) as log_ratio,
        1.96 * sqrt(phi * (1 / total_a + 1 / total_b)) as half_width
    from dispersed
),

bounded as (
    select
        force_code,
        measure_code,
        area_level,
        area_code,
        comparison_code,
        period_end,
        cast(round(phi, 3) as decimal(12, 3)) as dispersion,
        cast(round(exp(log_ratio), 3) as decimal(12, 3)) as ratio,
        cast(round(exp(log_ratio - half_width), 3) as decimal(12, 3)) as ratio_lower,
        cast(round(exp(log_ratio + half_width), 3) as decimal(12, 3)) as ratio_upper
    from with_width
),

-- From the limits as they are printed, so that word and figures cannot disagree.
judged as (
    select
        *,
        case
            when ratio_lower > 1 then 'higher'
            when ratio_upper < 1 then 'lower'
            else 'no_clear_change'
        end as change_code
    from bounded
)

select * from judged
