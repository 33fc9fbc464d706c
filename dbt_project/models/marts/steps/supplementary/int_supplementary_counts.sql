{{ config(materialized='table') }}

-- Counts of the rows in the supplementary extracts. int_supplementary_months adds
-- months and areas without rows.

with

records as (
    select * from {{ ref('fct_supplementary_records') }}
    where breakdown is null
),

summed as (
    select
        extract,
        force_code,
        measure_code,
        month,
        area_level,
        area_code,
        cast(sum(value) as decimal(18, 3)) as value,
        cast(sum(numerator) as decimal(18, 3)) as numerator,
        cast(sum(denominator) as decimal(18, 3)) as denominator
    from records
    group by all
)

select * from summed
