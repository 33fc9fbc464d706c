-- Outcomes of 12 months of open data, for each measure of one or several crime types.

with

rules as (
    select * from {{ ref('measure_rules') }}
    where crime_type is not null
),

monthly as (
    select * from {{ ref('fct_open_crimes_monthly') }}
    where area_level = 'force'
),

areas as (
    select * from {{ ref('dim_areas') }}
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
        areas.population,
        areas.population_year
    from monthly
    inner join rules on monthly.crime_type = rules.crime_type
    inner join areas on monthly.force_code = areas.force_code
    group by all
)

select * from summed
