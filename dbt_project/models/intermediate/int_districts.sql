with

districts as (
    select * from {{ ref('districts') }}
    where became_code is null
),

forces as (
    select * from {{ ref('forces') }}
),

of_forces as (
    select
        districts.district_code,
        districts.district_name,
        districts.force_code,
        forces.force_name,
        districts.lpa_name,
        districts.population,
        districts.population_year
    from districts
    inner join forces on districts.force_code = forces.force_code
),

-- Members for records without a district of the force, so that the force's total is the
-- sum of all members.
elsewhere as (
    select
        members.district_code,
        members.district_name,
        null as force_code,
        null as force_name,
        null as lpa_name,
        null as population,
        null as population_year
    from
        (
            values
            ('UNKNOWN', 'Unknown'),
            ('OUTSIDE', 'Outside the force'),
            ({{ not_recognised_district() }}, {{ not_recognised() }})
        ) as members (district_code, district_name)
),

together as (
    select * from of_forces
    union all
    select * from elsewhere
)

select * from together
