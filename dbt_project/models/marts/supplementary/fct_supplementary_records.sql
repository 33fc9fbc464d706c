-- The records that count towards a measure, with an additional row for each category in
-- which a record counts. All sums of supplementary measures come from here.

with

supplementary_records as (
    select * from {{ ref('int_supplementary_records') }}
),

motivations as (
    {{ standing_rows('crime_motivations', 'crime_id, motivation_kind, motivation') }}
),

crime_measures as (
    select * from {{ ref('fct_crime_measures') }}
),

-- A motivation counts in the month and district of its crime, and only while the crime
-- itself counts towards the measure.
crime_motivations as (
    select
        'crime_motivations' as extract,
        crime_measures.force_code,
        crime_measures.crime_id as record_id,
        crime_measures.measure_code,
        'district' as area_level,
        crime_measures.district_code as area_code,
        lower(motivations.motivation_kind) || '_motivation' as breakdown,
        motivations.motivation as category,
        1 as value,
        crime_measures.recorded_month as month
    from motivations
    inner join crime_measures
        on motivations._force_code = crime_measures.force_code
        and motivations.crime_id = crime_measures.crime_id
        and lower(motivations.motivation_kind) || '_crime' = crime_measures.measure_code
),

together as (
    select * from supplementary_records
    union all by name
    select * from crime_motivations
),

typed as (
    select
        extract,
        force_code,
        record_id,
        measure_code,
        area_level,
        area_code,
        breakdown,
        category,
        cast(value as decimal(18, 3)) as record_value,
        cast(numerator as bigint) as record_numerator,
        cast(denominator as bigint) as record_denominator,
        month
    from together
)

select * from typed
