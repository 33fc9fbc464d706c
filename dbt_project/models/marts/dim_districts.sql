-- force_code of a fact is the force that recorded it. The force of a district has other
-- column names, or a natural join would lose the records outside the force's area.

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
