-- Crimes by measure, month and district.

with

crime_measures as (
    select * from {{ ref('fct_crime_measures') }}
),

counted as (
    select
        force_code,
        measure_code,
        recorded_month,
        district_code,
        count(*) as crime_count
    from crime_measures
    group by force_code, measure_code, recorded_month, district_code
)

select * from {{ counted('counted') }}
