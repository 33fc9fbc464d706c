-- Crimes of 12 months of open data and their rate per 1,000 residents, for each measure
-- of one crime type and for all crime, by force and district. It has no row for months
-- that are not complete, for all crime without one of its types, or for an area whose
-- population is not known.

with

open_months as (
    select * from {{ ref('fct_open_crimes_monthly') }}
    where rate_per_1000 is not null
),

areas as (
    select * from {{ ref('dim_areas') }}
),

crime_types as (
    select
        measure_code,
        max(crime_type) as crime_type
    from {{ ref('measure_rules') }}
    where crime_type is not null and measure_code <> 'open_all_crime'
    group by measure_code
    having count(*) = 1
    union all
    select
        'open_all_crime' as measure_code,
        {{ all_crime() }} as crime_type
),

rates as (
    select
        open_months.force_code,
        open_months.area_level,
        open_months.area_code,
        areas.area_name,
        crime_types.measure_code,
        last_day(open_months.month) as period_end,
        open_months.crimes_12_months,
        cast(areas.population as bigint) as population,
        open_months.rate_per_1000
    from open_months
    inner join crime_types on open_months.crime_type = crime_types.crime_type
    inner join areas
        on open_months.force_code = areas.force_code
        and open_months.area_level = areas.area_level
        and open_months.area_code = areas.area_code
)

select * from rates
