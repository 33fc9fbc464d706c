-- The records that a doubted district still has, by measure and month. The total of the
-- force includes them; the district itself has no value.

with

doubted_areas as (
    select * from {{ ref('int_doubted_areas') }}
),

counts as (
    select * from {{ ref('int_monthly_counts') }}
    where area_level = 'district'
),

withheld as (
    select
        counts.force_code,
        counts.measure_code,
        counts.month,
        counts.area_code as district_code,
        counts.value,
        counts.numerator,
        counts.denominator
    from counts
    inner join doubted_areas
        on counts.extract = doubted_areas.extract
        and counts.force_code = doubted_areas.force_code
        and counts.area_code = doubted_areas.district_code
        and counts.month = doubted_areas.month
)

select * from withheld
