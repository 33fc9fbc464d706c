with

crimes as (
    select * from {{ ref('fct_crimes') }}
    where is_counted
),

profiles as (
    select * from {{ ref('int_crime_profiles') }}
),

classified as (
    select
        crimes.crime_id,
        profiles.measure_code,
        crimes.force_code,
        crimes.district_code,
        crimes.recorded_month
    from crimes
    inner join profiles
        using (
            offence_code,
            keywords,
            is_domestic_abuse,
            is_hate_crime,
            is_online,
            is_night_time_economy
        )
)

select * from classified
