-- Each unit's results over its own period, and over the same months a year before. A
-- month without any line of the unit has no value, not 0.

with

unit_periods as (
    select * from {{ ref('int_unit_periods') }}
),

unit_parts as (
    select * from {{ ref('int_unit_parts') }}
),

breakdowns as (
    select * from {{ ref('fct_measure_breakdowns_monthly') }}
),

of_units as (
    select
        unit_periods.*,
        unit_parts.measure_code,
        unit_parts.breakdown,
        unit_parts.category,
        unit_parts.first_month
        <= if(unit_parts.is_rare, unit_periods.last_month, unit_periods.first_month)
            as has_begun,
        unit_parts.first_month
        <= if(unit_parts.is_rare, unit_periods.last_month, unit_periods.first_month)
        - interval 12 month
            as had_begun
    from unit_periods
    inner join unit_parts using (force_code, unit_name)
),

unit_spans as (
    select distinct
        force_code,
        measure_code,
        breakdown,
        category,
        unnest([first_month, cast(first_month - interval 12 month as date)])
            as first_month,
        unnest([last_month, cast(last_month - interval 12 month as date)])
            as last_month,
        unnest([is_covered and has_begun, is_covered_before and had_begun])
            as is_known
    from of_units
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

unit_figures as (
    select
        * exclude (is_known, quantity),
        cast(case when is_known then quantity end as decimal(18, 3)) as value
    from unit_sums
)

select * from unit_figures
