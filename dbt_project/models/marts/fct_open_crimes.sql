with

street as (
    select * from {{ ref('stg_police_uk__street') }}
),

types as (
    select * from {{ ref('measure_rules') }}
    where crime_type is not null
),

-- A type counts in several measures, so its spelling is looked up once per type.
type_names as (
    select distinct crime_type from types
),

districts as (
    select * from {{ ref('districts') }}
),

placed as (
    select
        street.load_id,
        street.line,
        street.force_code,
        case
            when street.district_name is null then 'UNKNOWN'
            when districts.force_code = street.force_code then districts.district_code
            else 'OUTSIDE'
        end as district_code,
        street.lsoa_code,
        street.crime_id,
        coalesce(type_names.crime_type, street.crime_type) as crime_type,
        street.location_name,
        street.last_outcome_category,
        street.longitude,
        street.latitude,
        street.recorded_month
    from street
    left join type_names on lower(street.crime_type) = lower(type_names.crime_type)
    left join districts on lower(street.district_name) = lower(districts.district_name)
)

select * from placed
