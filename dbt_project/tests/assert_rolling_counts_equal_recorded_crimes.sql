-- Counts the crimes again directly from fct_crimes by their recorded time, without
-- fct_crime_measures and the months.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'fct_rolling_12_months'}},
        'description': 'The 12-month count of all recorded crime equals the crimes'
            ~ ' of fct_crimes that were recorded in those months.',
        'remedy': 'Look for a crime that is counted in no month or in two months.'
            ~ ' Compare fct_crimes with fct_measures_monthly for the period shown.',
    },
) }}

with

rolling as (
    select * from {{ ref('fct_rolling_12_months') }}
    where
        area_level = 'force'
        and measure_code = 'all_recorded_crime'
        and current_12_months is not null
),

crimes as (
    select * from {{ ref('fct_crimes') }}
    where is_counted
),

-- Each crime is in 12 periods: counted by day first, it is read once.
crimes_by_day as (
    select
        force_code,
        cast(recorded_at as date) as recorded_date,
        count(*) as crime_count
    from crimes
    group by all
),

recounted as (
    select
        rolling.force_code,
        rolling.period_end,
        rolling.current_12_months,
        coalesce(sum(crimes_by_day.crime_count), 0) as crime_count
    from rolling
    left join crimes_by_day
        on rolling.force_code = crimes_by_day.force_code
        and rolling.period_end >= crimes_by_day.recorded_date
        and crimes_by_day.recorded_date
        >= rolling.period_end + interval 1 day - interval 12 month
    group by all
)

select * from recounted
where current_12_months <> crime_count
