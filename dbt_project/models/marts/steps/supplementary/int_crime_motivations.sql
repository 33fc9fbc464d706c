-- A motivation counts in the month and district of its crime, and only while the crime
-- itself counts towards the measure.

with

motivations as (
    {{ standing_rows('crime_motivations', 'crime_id, motivation_kind, motivation') }}
),

crime_measures as (
    select * from {{ ref('fct_crime_measures') }}
),

counted as (
    select
        crime_measures.crime_id,
        crime_measures.measure_code,
        crime_measures.force_code,
        crime_measures.district_code,
        lower(motivations.motivation_kind) || '_motivation' as breakdown,
        motivations.motivation,
        crime_measures.recorded_month as month
    from motivations
    inner join crime_measures
        on motivations._force_code = crime_measures.force_code
        and motivations.crime_id = crime_measures.crime_id
        and lower(motivations.motivation_kind) || '_crime' = crime_measures.measure_code
)

select * from counted
