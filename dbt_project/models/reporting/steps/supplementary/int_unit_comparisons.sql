{{ config(materialized='table') }}

-- Each unit's results, compared with the same months a year before. The two periods
-- never share a day: of a unit that reports for more than 12 months, the last 12 are
-- compared with the 12 before. What was not measured then has no base, and amounts of
-- money and weights have neither a range nor a word.

with

unit_periods as (
    select * from {{ ref('int_unit_periods') }}
    where measure_code is not null
),

result_periods as (
    select * from {{ ref('result_periods') }}
),

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
    where extract = 'operational_results' and is_supplied
),

silent_units as (
    select * from {{ ref('int_breakdown_gaps') }}
    where breakdown = 'unit'
),

breakdowns as (
    select
        force_code,
        measure_code,
        breakdown,
        category,
        month,
        sum(value) as value
    from {{ ref('fct_measure_breakdowns_monthly') }}
    group by all
),

counted_measures as (
    select * from {{ ref('dim_measures') }}
    where {{ counts_events('measure_unit') }}
),

recording_breaks as (
    select * from {{ ref('range_phases') }}
    where not is_comparable
),

unit_months as (
    {{ unit_months('supplied_months', 'result_periods', 'silent_units') }}
),

results as (
    select distinct
        force_code,
        measure_code,
        breakdown,
        category,
        unit_name,
        part_first_month,
        is_rare
    from unit_periods
),

-- A part that is not rare was not measured before its first record.
measured as (
    select
        results.force_code,
        results.measure_code,
        results.breakdown,
        results.category,
        unit_months.month,
        coalesce(breakdowns.value, 0) as value
    from results
    inner join unit_months using (force_code, unit_name)
    left join breakdowns using (force_code, measure_code, breakdown, category, month)
    where results.is_rare or results.part_first_month <= unit_months.month
),

monthly as (
    select
        measured.force_code,
        measured.measure_code,
        measured.breakdown as area_level,
        measured.category as area_code,
        measured.month,
        measured.value
    from measured
    semi join counted_measures using (measure_code)
),

of_units as (
    select
        *,
        least(date_diff('month', first_month, last_month) + 1, 12) as month_count,
        greatest(first_month, cast(last_month - interval 11 month as date))
            as period_start,
        last_day(last_month) as period_end
    from unit_periods
),

compared as (
    select
        *,
        month_count || ' months' as comparison_code,
        cast(period_start - interval 12 month as date) as base_start,
        last_day(cast(last_month - interval 12 month as date)) as base_end
    from of_units
),

periods as (
    select distinct
        comparison_code,
        month_count,
        cast(null as varchar) as force_code,
        period_start,
        period_end,
        base_start,
        base_end
    from compared
),

{{ change_intervals() }},

summed as (
    select
        compared.*,
        sum(measured.value) filter (
            where measured.month between compared.period_start and compared.period_end
        ) as known_count,
        sum(measured.value) filter (
            where measured.month between compared.base_start and compared.base_end
        ) as known_base_count,
        count(*) filter (
            where measured.month between compared.period_start and compared.period_end
        ) as known_months,
        count(*) filter (
            where measured.month between compared.base_start and compared.base_end
        ) as known_base_months
    from compared
    inner join measured using (force_code, measure_code, breakdown, category)
    group by all
),

-- A rare part has a 0 only in a period that ends after its first record.
covered as (
    select
        *,
        case
            when known_months = month_count and part_first_month <= period_end
                then cast(known_count as decimal(18, 3))
        end as current_count,
        case
            when known_base_months = month_count and part_first_month <= base_end
                then cast(known_base_count as decimal(18, 3))
        end as base_count
    from summed
),

with_breaks as (
    select
        *,
        {{ is_across_a_break(
            'covered', 'covered.base_start', 'covered.period_end'
        ) }} as is_broken
    from covered
),

with_differences as (
    select
        *,
        case
            when not is_broken
                then cast(current_count - base_count as decimal(18, 3))
        end as difference
    from with_breaks
),

with_changes as (
    select
        *,
        {{ percentage('difference', 'base_count') }} as difference_pct
    from with_differences
),

with_words as (
    select
        with_changes.quarter,
        with_changes.force_code,
        with_changes.unit_name,
        with_changes.measure_code,
        with_changes.breakdown,
        with_changes.category,
        with_changes.part,
        with_changes.period_start,
        with_changes.period_end,
        with_changes.base_start,
        with_changes.base_end,
        with_changes.base_count,
        with_changes.current_count,
        with_changes.difference,
        with_changes.difference_pct,
        if(with_changes.is_broken, 'not_comparable', printed.change_code)
            as change_code,
        printed.range_lower_pct,
        printed.range_upper_pct,
        printed.clearness,
        printed.months_lower,
        printed.months_higher,
        printed.months_equal
    from with_changes
    left join printed
        on with_changes.force_code = printed.force_code
        and with_changes.measure_code = printed.measure_code
        and with_changes.breakdown = printed.area_level
        and with_changes.category = printed.area_code
        and with_changes.comparison_code = printed.comparison_code
        and with_changes.period_end = printed.period_end
        and with_changes.difference is not null
)

select * from with_words
