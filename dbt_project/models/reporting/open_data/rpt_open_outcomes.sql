-- For the measures that are counted from the open data, each of one type or of several.

with

report_measures as (
    select * from {{ ref('int_report_measures') }}
),

rules as (
    select * from {{ ref('measure_rules') }}
    where crime_type is not null
),

monthly as (
    select * from {{ ref('fct_open_crimes_monthly') }}
    where area_level = 'force'
),

summed as (
    select
        monthly.force_code,
        rules.measure_code,
        last_day(monthly.month) as period_end,
        {{ sum_of_known('monthly.crimes_12_months') }} as recorded,
        {{ sum_of_known('monthly.positive_12_months') }} as positives,
        {{ sum_of_known('monthly.known_outcome_12_months') }} as known_outcomes,
        monthly.population,
        monthly.population_year
    from monthly
    inner join rules on monthly.crime_type = rules.crime_type
    group by all
),

shown as (
    select
        report_measures.quarter,
        report_measures.force_code,
        report_measures.row_position,
        report_measures.measure_code as measure,
        report_measures.measure_name,
        report_measures.end_date as period_end,
        summed.recorded as current_12_months,
        {{ rate_per_1000('summed.recorded', 'summed.population') }} as rate_per_1000,
        summed.known_outcomes,
        summed.positives as positive_outcomes,
        {{ percentage('summed.positives', 'summed.known_outcomes') }} as positive_pct,
        cast(summed.population_year as varchar) as population_year,
        {{ status('summed.recorded is not null') }} as status
    from report_measures
    inner join summed
        on report_measures.force_code = summed.force_code
        and report_measures.measure_code = summed.measure_code
        and report_measures.end_date = summed.period_end
)

select * from shown
