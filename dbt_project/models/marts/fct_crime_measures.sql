{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook="{{ delete_changed('crime_id', ref('int_accepted_crimes'), '_load_id') }}",
) }}

with

crimes as (
    select * from {{ ref('fct_crimes') }}
    where is_counted and {{ is_new_load('load_id') }}
),

rules as (
    select * from {{ ref('measure_rules') }}
),

exclusions as (
    select * from {{ ref('measure_exclusions') }}
),

measures as (
    select * from {{ ref('measures') }}
    where source_extract = 'crimes'
),

profiles as (
    {{ measures_of_profiles('crimes') }}
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
        using ({{ profile_columns() }})
)

select * from {{ counted('classified') }}
