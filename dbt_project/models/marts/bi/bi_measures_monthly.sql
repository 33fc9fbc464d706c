{{ config(materialized='view') }}

-- The monthly counts with labels and the keys of their dimensions.

with

monthly as (
    select * from {{ ref('fct_measures_monthly') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

areas as (
    select * from {{ ref('bi_areas') }}
),

keyed as (
    select
        *,
        {{ area_key('force_code', 'area_level', 'area_code') }} as area_key
    from monthly
),

named as (
    select
        keyed.area_key,
        keyed.measure_code,
        keyed.month,
        measures.measure_name,
        measures.measure_unit,
        measures.kind,
        areas.force_name,
        areas.area_level,
        areas.area_name,
        keyed.value,
        keyed.monthly_count,
        keyed.numerator,
        keyed.denominator,
        keyed.is_supplied
    from keyed
    inner join measures on keyed.measure_code = measures.measure_code
    inner join areas on keyed.area_key = areas.area_key
)

select * from named
