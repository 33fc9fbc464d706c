{{ config(materialized='view') }}

-- The areas with one column as their key, which is what a BI client relates tables by.

with

areas as (
    select * from {{ ref('dim_areas') }}
),

forces as (
    select * from {{ ref('dim_forces') }}
),

named as (
    select
        {{ area_key('areas.force_code', 'areas.area_level', 'areas.area_code') }}
            as area_key,
        forces.force_name,
        areas.area_level,
        areas.area_name,
        areas.lpa_name,
        areas.population,
        areas.population_year,
        areas.is_elsewhere
    from areas
    inner join forces on areas.force_code = forces.force_code
)

select * from named
