-- Every comparison of every flow and area. A period has no count if one of its months
-- was not supplied, or if it ended before the area's first record. A comparison with
-- such a period has no difference.

with

comparable_areas as (
    select * from {{ ref('int_comparable_areas') }}
),

periods as (
    select * from {{ ref('int_compared_periods') }}
),

intervals as (
    select * from {{ ref('int_change_intervals') }}
),

spans as (
    select
        period_start as first_day,
        period_end as last_day,
        month_count
    from periods
    union
    select
        base_start as first_day,
        base_end as last_day,
        month_count
    from periods
),

span_counts as (
    select
        comparable_areas.force_code,
        comparable_areas.measure_code,
        comparable_areas.area_level,
        comparable_areas.area_code,
        spans.first_day,
        spans.last_day,
        cast(sum(comparable_areas.value) as decimal(18, 3)) as span_count
    from comparable_areas
    inner join spans
        on comparable_areas.month between spans.first_day and spans.last_day
    group by
        comparable_areas.force_code,
        comparable_areas.measure_code,
        comparable_areas.area_level,
        comparable_areas.area_code,
        spans.first_day,
        spans.last_day,
        spans.month_count
    having
        count(comparable_areas.value) = spans.month_count
        and bool_or(comparable_areas.has_record)
),

compared as (
    select
        comparable_areas.force_code,
        comparable_areas.measure_code,
        comparable_areas.area_level,
        comparable_areas.area_code,
        periods.comparison_code,
        base_counts.span_count as base_count,
        current_counts.span_count as current_count,
        cast(current_counts.span_count - base_counts.span_count as decimal(18, 3))
            as difference,
        periods.period_start,
        periods.period_end,
        periods.base_start,
        periods.base_end
    from comparable_areas
    inner join periods
        on last_day(comparable_areas.month) = periods.period_end
    left join span_counts as current_counts
        on comparable_areas.force_code = current_counts.force_code
        and comparable_areas.measure_code = current_counts.measure_code
        and comparable_areas.area_level = current_counts.area_level
        and comparable_areas.area_code = current_counts.area_code
        and periods.period_start = current_counts.first_day
        and periods.period_end = current_counts.last_day
    left join span_counts as base_counts
        on comparable_areas.force_code = base_counts.force_code
        and comparable_areas.measure_code = base_counts.measure_code
        and comparable_areas.area_level = base_counts.area_level
        and comparable_areas.area_code = base_counts.area_code
        and periods.base_start = base_counts.first_day
        and periods.base_end = base_counts.last_day
),

with_intervals as (
    select
        compared.force_code,
        compared.measure_code,
        compared.area_level,
        compared.area_code,
        compared.comparison_code,
        intervals.change_code,
        compared.base_count,
        compared.current_count,
        compared.difference,
        {{ percentage('compared.difference', 'compared.base_count') }}
            as difference_pct,
        intervals.range_lower_pct,
        intervals.range_upper_pct,
        intervals.clearness,
        intervals.dispersion,
        intervals.months_lower,
        intervals.months_higher,
        intervals.months_equal,
        compared.period_start,
        compared.period_end,
        compared.base_start,
        compared.base_end
    from compared
    left join intervals
        on compared.force_code = intervals.force_code
        and compared.measure_code = intervals.measure_code
        and compared.area_level = intervals.area_level
        and compared.area_code = intervals.area_code
        and compared.comparison_code = intervals.comparison_code
        and compared.period_end = intervals.period_end
        and compared.difference is not null
)

select * from with_intervals
