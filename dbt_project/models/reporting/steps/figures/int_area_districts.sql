-- The codes under which the records of an area are found. A force and a region have no
-- row, because all of their records count.

with

districts as (
    select * from {{ ref('dim_districts') }}
),

combined_areas as (
    select * from {{ ref('combined_areas') }}
),

forces as (
    select distinct force_code from {{ ref('dim_reports') }}
),

lpas as (
    select * from {{ ref('int_lpa_rows') }}
    where area_level = 'lpa'
),

of_forces as (
    select
        forces.force_code,
        districts.district_code,
        districts.lpa_name
    from forces
    inner join districts
        on forces.force_code = coalesce(districts.force_code, forces.force_code)
),

in_districts as (
    select
        force_code,
        null as measure_code,
        'district' as area_level,
        district_code as area_code,
        [district_code] as area_codes
    from of_forces
),

in_lpas as (
    select
        lpas.force_code,
        null as measure_code,
        lpas.area_level,
        lpas.area_code,
        lpas.lpa,
        list(of_forces.district_code order by of_forces.district_code)
            as district_codes
    from lpas
    inner join of_forces
        on lpas.force_code = of_forces.force_code
        and lpas.lpa_name is not distinct from of_forces.lpa_name
    group by all
),

-- A stock is supplied by LPA, so the LPA's own code is added to those of its districts.
with_own_codes as (
    select
        * exclude (lpa, district_codes),
        [lpa] || district_codes as area_codes
    from in_lpas
),

in_combined_areas as (
    select
        forces.force_code,
        combined_areas.measure_code,
        'combined_area' as area_level,
        combined_areas.area_name as area_code,
        list(combined_areas.district_code order by combined_areas.district_code)
            as area_codes
    from forces
    cross join combined_areas
    group by all
),

together as (
    select * from in_districts
    union all
    select * from with_own_codes
    union all
    select * from in_combined_areas
)

select * from together
