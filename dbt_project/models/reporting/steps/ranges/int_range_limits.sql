-- The XmR chart's limits of each phase, 2.66 times the mean moving range to either side
-- of the mean; the warning lines lie at two thirds of that. Six decimal places tell a
-- whole count from every limit that it does not equal.

with

months as (
    select * from {{ ref('int_range_months') }}
),

-- Within a phase, and between two months that both have a value.
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
        count(value) as point_count,
        avg(value) as average,
        count(moving_range) as range_count,
        sum(moving_range) as range_total
    from with_moving_ranges
    group by all
),

-- Screened once: a range from 3.267 times the mean on is left out of the mean.
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

-- Nothing is left out if only zeros are left: each point would be outside. Fewer than
-- 12 points have no limits.
reached as (
    select
        *,
        case
            when point_count >= 12 then coalesce(nullif(mean_of_kept, 0), mean_of_all)
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
