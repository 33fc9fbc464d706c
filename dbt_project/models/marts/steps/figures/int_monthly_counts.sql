{{ config(materialized='table') }}

-- What the records of each measure add up to, by month and area. A month or an area
-- without records has no row.

with

crime_counts as (
    select * from {{ ref('int_crime_counts') }}
),

open_counts as (
    select * from {{ ref('int_open_counts') }}
),

rules as (
    select * from {{ ref('measure_rules') }}
),

records as (
    select * from {{ ref('fct_supplementary_records') }}
    where breakdown is null
),

counted as (
    select
        'crimes' as extract,
        force_code,
        measure_code,
        recorded_month as month,
        'district' as area_level,
        district_code as area_code,
        crime_count as value
    from crime_counts
    union all by name
    select
        'police_uk_street' as extract,
        open_counts.force_code,
        rules.measure_code,
        open_counts.recorded_month as month,
        'district' as area_level,
        open_counts.district_code as area_code,
        sum(open_counts.crime_count) as value
    from open_counts
    inner join rules on open_counts.crime_type = rules.crime_type
    group by all
    union all by name
    select
        extract,
        force_code,
        measure_code,
        month,
        area_level,
        area_code,
        sum(record_value) as value,
        sum(record_numerator) as numerator,
        sum(record_denominator) as denominator
    from records
    group by all
),

typed as (
    select
        extract,
        force_code,
        measure_code,
        month,
        area_level,
        area_code,
        cast(value as decimal(18, 3)) as value,
        cast(numerator as bigint) as numerator,
        cast(denominator as bigint) as denominator
    from counted
)

select * from typed
