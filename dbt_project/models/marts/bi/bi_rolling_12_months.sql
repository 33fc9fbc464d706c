{{ config(materialized='view') }}

-- The rolling 12 months with labels and the keys of their dimensions.

with

rolling as (
    select * from {{ ref('fct_rolling_12_months') }}
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
    from rolling
),

named as (
    select
        keyed.area_key,
        keyed.measure_code,
        keyed.period_end,
        measures.measure_name,
        areas.force_name,
        areas.area_level,
        areas.area_name,
        keyed.previous_12_months,
        keyed.current_12_months,
        keyed.difference,
        keyed.difference_pct
    from keyed
    inner join measures on keyed.measure_code = measures.measure_code
    inner join areas on keyed.area_key = areas.area_key
)

select * from named
