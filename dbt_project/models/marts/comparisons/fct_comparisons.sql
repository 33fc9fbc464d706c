-- Every comparison of every flow and area. A period has no count if one of its months
-- was not supplied, or if it ended before the area's first record. A comparison with
-- such a period has no difference. Counts of different things, as before and after a
-- new definition, are not compared, and neither are those of a measure that is defined
-- by an outcome: outcomes of recent crimes are still to come.

with

comparable_areas as (
    select * from {{ ref('int_measures_by_area') }}
),

periods as (
    select * from {{ ref('int_compared_periods') }}
),

intervals as (
    select * from {{ ref('int_change_intervals') }}
),

measures_by_outcome as (
    select measure_code from {{ ref('dim_measures') }}
    where is_defined_by_outcome
),

recording_breaks as (
    select * from {{ ref('range_phases') }}
    where not is_comparable
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
        base_counts.span_count as base_total,
        current_counts.span_count as current_total,
        cast(current_counts.span_count - base_counts.span_count as decimal(18, 3))
            as total_difference,
        periods.period_start,
        periods.period_end,
        periods.base_start,
        periods.base_end
    from comparable_areas
    inner join periods
        on last_day(comparable_areas.month) = periods.period_end
        and comparable_areas.force_code
        = coalesce(periods.force_code, comparable_areas.force_code)
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

judged as (
    select
        compared.*,
        (
            compared.total_difference is not null
            and compared.measure_code in (
                select measures_by_outcome.measure_code
                from measures_by_outcome
            )
        )
        or {{ is_across_a_break(
            'compared', 'compared.base_start', 'compared.period_end'
        ) }} as is_incomparable
    from compared
),

with_intervals as (
    select
        judged.force_code,
        judged.measure_code,
        judged.area_level,
        judged.area_code,
        judged.comparison_code,
        if(judged.is_incomparable, 'not_comparable', intervals.change_code)
            as change_code,
        judged.base_total,
        judged.current_total,
        if(judged.is_incomparable, null, judged.total_difference) as total_difference,
        case
            when not judged.is_incomparable
                then {{ percentage('judged.total_difference', 'judged.base_total') }}
        end as difference_pct,
        intervals.range_lower_pct,
        intervals.range_upper_pct,
        intervals.clearness,
        intervals.dispersion,
        intervals.months_lower,
        intervals.months_higher,
        intervals.months_equal,
        judged.period_start,
        judged.period_end,
        judged.base_start,
        judged.base_end
    from judged
    left join intervals
        on judged.force_code = intervals.force_code
        and judged.measure_code = intervals.measure_code
        and judged.area_level = intervals.area_level
        and judged.area_code = intervals.area_code
        and judged.comparison_code = intervals.comparison_code
        and judged.period_start = intervals.period_start
        and judged.period_end = intervals.period_end
        and judged.total_difference is not null
        and not judged.is_incomparable
)

select * from with_intervals
