{{ config(materialized='view') }}

-- The crimes with labels, the keys of their dimensions, and days in place of times.

with

crimes as (
    select * from {{ ref('fct_crimes') }}
),

forces as (
    select * from {{ ref('dim_forces') }}
),

districts as (
    select * from {{ ref('dim_districts') }}
),

offences as (
    select * from {{ ref('dim_offences') }}
),

outcomes as (
    select * from {{ ref('dim_outcomes') }}
),

named as (
    select
        crimes.crime_id,
        {{ area_key('crimes.force_code', "'district'", 'crimes.district_code') }}
            as area_key,
        crimes.offence_code,
        crimes.outcome_code,
        forces.force_name,
        districts.district_name,
        crimes.lsoa_code,
        crimes.offence_group,
        crimes.offence_subgroup,
        offences.offence_description,
        crimes.crime_status,
        outcomes.outcome_name,
        crimes.is_counted,
        crimes.is_domestic_abuse,
        crimes.is_hate_crime,
        crimes.is_online,
        crimes.is_night_time_economy,
        crimes.has_positive_outcome,
        crimes.recorded_month,
        cast(crimes.recorded_at as date) as recorded_date,
        cast(crimes.committed_from as date) as committed_date,
        crimes.outcome_date
    from crimes
    inner join forces on crimes.force_code = forces.force_code
    inner join districts on crimes.district_code = districts.district_code
    inner join offences on crimes.offence_code = offences.offence_code
    inner join outcomes on crimes.outcome_code = outcomes.outcome_code
)

select * from named
