-- The XmR chart's limits of each phase: the mean plus and minus 2.66 times the mean
-- moving range. The warning lines are at two thirds of that distance. Six decimal
-- places are enough to distinguish a whole count from a limit that does not equal it.

with

months as (
    select * from {{ ref('int_range_months') }}
),

measures_by_outcome as (
    select measure_code from {{ ref('dim_measures') }}
    where is_defined_by_outcome
),

-- A moving range is within one phase, between two months that both have a value.
with_moving_ranges as (
    select
        *,
        abs(
            value - lag(value) over (
                partition by {{ range_phase_columns() }} order by month
            )
        ) as moving_range
    from months
),

phases as (
    select
        force_code,
        measure_code,
        area_level,
        area_code,
        period_end,
        phase,
        min(month) as first_month,
        count(value) as point_count,
        avg(value) as average,
        count(moving_range) as range_count,
        sum(moving_range) as range_total
    from with_moving_ranges
    group by all
),

-- Moving ranges of 3.267 times the mean or more are left out, once.
screened as (
    select
        phases.*,
        phases.range_total / phases.range_count as mean_of_all,
        avg(with_moving_ranges.moving_range) filter (
            where
            with_moving_ranges.moving_range * phases.range_count
            < 3.267 * phases.range_total
        ) as mean_of_kept
    from phases
    inner join with_moving_ranges
        using ({{ range_phase_columns() }})
    group by all
),

-- If only zeros are left, no range is left out, because otherwise each point would be
-- outside. A phase with fewer than 12 points has no limits, and neither has a measure
-- that is defined by an outcome, because its latest months are not complete.
reached as (
    select
        *,
        case
            when
                point_count >= 12
                and measure_code not in (
                    select measures_by_outcome.measure_code
                    from measures_by_outcome
                )
                then coalesce(nullif(mean_of_kept, 0), mean_of_all)
        end as mean_moving_range
    from screened
),

bounded as (
    select
        force_code,
        measure_code,
        area_level,
        area_code,
        period_end,
        phase,
        first_month,
        phase = max(phase) over (
            partition by force_code, measure_code, area_level, area_code, period_end
        ) as is_latest_phase,
        point_count,
        cast(average as decimal(18, 6)) as average,
        cast(mean_moving_range as decimal(18, 6)) as mean_moving_range,
        cast(average - 2.66 * mean_moving_range as decimal(18, 6)) as lower_limit,
        cast(average + 2.66 * mean_moving_range as decimal(18, 6)) as upper_limit,
        cast(average - 2.66 * mean_moving_range * 2 / 3 as decimal(18, 6))
            as lower_warning,
        cast(average + 2.66 * mean_moving_range * 2 / 3 as decimal(18, 6))
            as upper_warning
    from reached
)

select * from bounded
