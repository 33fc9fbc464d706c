-- Every area that a row of a mart can be about, for each force: its columns are the key
-- of an area wherever it stands, so a natural join loses nothing.

with

forces as (
    select * from {{ ref('forces') }}
),

districts as (
    select * from {{ ref('int_districts') }}
),

combined_areas as (
    select * from {{ ref('combined_areas') }}
),

supplementary_records as (
    select * from {{ ref('fct_supplementary_records') }}
),

in_districts as (
    select
        force_code,
        'district' as area_level,
        district_code as area_code,
        district_name as area_name,
        district_code,
        lpa_name,
        population,
        population_year,
        false as is_elsewhere
    from districts
    where force_code is not null
),

elsewhere as (
    select
        forces.force_code,
        'district' as area_level,
        districts.district_code as area_code,
        districts.district_name as area_name,
        districts.district_code,
        null as lpa_name,
        null as population,
        null as population_year,
        true as is_elsewhere
    from forces
    cross join districts
    where districts.force_code is null
),

of_combined_areas as (
    select distinct
        in_districts.force_code,
        combined_areas.area_name,
        in_districts.district_code,
        in_districts.population,
        in_districts.population_year
    from combined_areas
    inner join in_districts
        on combined_areas.district_code = in_districts.district_code
),

-- Several districts together; a force without districts has no known population.
parts as (
    select
        force_code,
        'lpa' as area_level,
        lpa_name as area_code,
        lpa_name as area_name,
        district_code,
        population,
        population_year
    from in_districts
    where lpa_name is not null
    union all
    select
        force_code,
        'combined_area' as area_level,
        area_name as area_code,
        area_name,
        district_code,
        population,
        population_year
    from of_combined_areas
    union all
    select
        forces.force_code,
        'force' as area_level,
        forces.force_code as area_code,
        forces.force_name as area_name,
        in_districts.district_code,
        in_districts.population,
        in_districts.population_year
    from forces
    left join in_districts on forces.force_code = in_districts.force_code
),

several_districts as (
    select
        force_code,
        area_level,
        area_code,
        area_name,
        null as district_code,
        case when area_level = 'lpa' then area_code end as lpa_name,
        case when count(population) = count(*) then sum(population) end as population,
        case when count(population) = count(*) then max(population_year) end
            as population_year,
        false as is_elsewhere
    from parts
    group by force_code, area_level, area_code, area_name
),

regions as (
    select distinct
        force_code,
        area_level,
        area_code,
        area_code as area_name,
        null as district_code,
        null as lpa_name,
        null as population,
        null as population_year,
        false as is_elsewhere
    from supplementary_records
    where area_level = 'region'
),

together as (
    select * from in_districts
    union all
    select * from elsewhere
    union all
    select * from several_districts
    union all
    select * from regions
),

typed as (
    select
        force_code,
        area_level,
        area_code,
        area_name,
        district_code,
        lpa_name,
        cast(population as integer) as population,
        cast(population_year as integer) as population_year,
        is_elsewhere
    from together
)

select * from typed
