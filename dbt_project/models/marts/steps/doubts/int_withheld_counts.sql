-- The records that a doubted district still has, by measure and month. The total of the
-- force includes them; the district itself has no value.

with

doubted_areas as (
    select * from {{ ref('int_doubted_areas') }}
    where record_count > 0
),

crime_measures as (
    select * from {{ ref('fct_crime_measures') }}
),

open_crimes as (
    select * from {{ ref('fct_open_crimes') }}
),

rules as (
    select * from {{ ref('measure_rules') }}
),

supplementary_counts as (
    select * from {{ ref('int_supplementary_counts') }}
    where area_level = 'district'
),

of_crimes as (
    select
        crime_measures.force_code,
        crime_measures.measure_code,
        doubted_areas.month,
        doubted_areas.district_code,
        count(*) as value
    from crime_measures
    inner join doubted_areas
        on doubted_areas.extract = 'crimes'
        and crime_measures.force_code = doubted_areas.force_code
        and crime_measures.district_code = doubted_areas.district_code
        and crime_measures.recorded_month = doubted_areas.month
    group by all
),

of_open_crimes as (
    select
        open_crimes.force_code,
        rules.measure_code,
        doubted_areas.month,
        doubted_areas.district_code,
        count(*) as value
    from open_crimes
    inner join doubted_areas
        on doubted_areas.extract = 'police_uk_street'
        and open_crimes.force_code = doubted_areas.force_code
        and open_crimes.district_code = doubted_areas.district_code
        and open_crimes.recorded_month = doubted_areas.month
    inner join rules on open_crimes.crime_type = rules.crime_type
    group by all
),

of_records as (
    select
        supplementary_counts.force_code,
        supplementary_counts.measure_code,
        supplementary_counts.month,
        doubted_areas.district_code,
        supplementary_counts.value,
        supplementary_counts.numerator,
        supplementary_counts.denominator
    from supplementary_counts
    inner join doubted_areas
        on supplementary_counts.extract = doubted_areas.extract
        and supplementary_counts.force_code = doubted_areas.force_code
        and supplementary_counts.area_code = doubted_areas.district_code
        and supplementary_counts.month = doubted_areas.month
),

together as (
    select * from of_crimes
    union all by name
    select * from of_open_crimes
    union all by name
    select * from of_records
)

select * from together
