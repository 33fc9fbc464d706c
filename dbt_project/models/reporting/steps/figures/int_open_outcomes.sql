-- Outcomes of 12 months of open data for each measure, of one crime type or several.

with

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
)

select * from summed
