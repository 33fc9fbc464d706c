-- A district's force has names of its own: a record's force_code is the force that
-- recorded it, and a natural join by both would lose the records elsewhere.

with

districts as (
    select * from {{ ref('int_districts') }}
),

renamed as (
    select
        district_code,
        district_name,
        force_code as district_force_code,
        force_name as district_force_name,
        lpa_name,
        population,
        population_year
    from districts
)

select * from renamed
