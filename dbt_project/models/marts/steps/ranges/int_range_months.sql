-- The monthly series for each usual range, as known at the end of each report: every
-- month from the first value on, by phase. A phase begins at a dated cause, and ranges
-- and runs do not cross its boundary. Amounts in pounds and kilograms have no range.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

dates as (
    select * from {{ ref('dim_dates') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
    where {{ counts_events('measure_unit') }}
),

measures_by_area as (
    select * from {{ ref('int_measures_by_area') }}
    where area_level <> 'combined_area'
),

range_phases as (
    select * from {{ ref('range_phases') }}
),

months as (
    select distinct month_start_date as month
    from dates
),

series as (
    select
        measures_by_area.force_code,
        measures_by_area.measure_code,
        measures_by_area.area_level,
        measures_by_area.area_code,
        min(measures_by_area.month) as first_month
    from measures_by_area
    inner join measures using (measure_code)
    where measures_by_area.value is not null
    group by all
),

-- A cause before the first value does not begin a phase.
phased as (
    select
        series.force_code,
        series.measure_code,
        series.area_level,
        series.area_code,
        months.month,
        cast(1 + count(range_phases.first_month) as integer) as phase,
        arg_max(range_phases.cause, range_phases.first_month) as phase_cause
    from series
    inner join months on series.first_month <= months.month
    left join range_phases
        on series.force_code = coalesce(range_phases.force_code, series.force_code)
        and series.measure_code
        = coalesce(range_phases.measure_code, series.measure_code)
        and series.first_month < range_phases.first_month
        and months.month >= range_phases.first_month
    group by all
),

known as (
    select
        phased.force_code,
        phased.measure_code,
        phased.area_level,
        phased.area_code,
        reports.quarter_end_date as period_end,
        phased.month,
        phased.phase,
        phased.phase_cause,
        measures_by_area.value
    from phased
    left join measures_by_area
        using (force_code, measure_code, area_level, area_code, month)
    inner join reports
        on phased.force_code = reports.force_code
        and phased.month <= reports.quarter_end_date
)

select * from known
