{{ config(materialized='table') }}

-- What was found in the supplementary extracts; months and areas without a row are
-- filled in by int_supplementary_months.

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
