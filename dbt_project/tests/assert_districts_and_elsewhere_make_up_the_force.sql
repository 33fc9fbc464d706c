-- For each measure (or type) and month: its districts, with every member that lies
-- elsewhere, are the force's total; so are its local policing areas with the districts
-- that are in none. Where one of them is not known, the total is not.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'int_measures_by_area'}},
        'description': 'For each measure and month, the districts and the areas'
            ~ " outside them add up to the force's total, and so do the local"
            ~ ' policing areas.',
        'remedy': 'Look for an area that int_measures_by_area leaves out or counts'
            ~ ' twice in the month shown. Its code may be missing from'
            ~ ' seeds/reference/districts.csv.',
    },
) }}

with

measures_by_area as (
    select * from {{ ref('int_measures_by_area') }}
),

open_crimes_monthly as (
    select * from {{ ref('fct_open_crimes_monthly') }}
),

districts as (
    select * from {{ ref('dim_districts') }}
),

-- A district that no line names adds nothing.
open_counted as (
    select
        force_code,
        month,
        area_level,
        area_code,
        unnest(['crimes', 'positive', 'not positive', 'open']) as counted,
        coalesce(
            unnest([crime_count, positive_count, not_positive_count, open_count]),
            case when is_supplied then 0 end
        ) as value,
        crime_type
    from open_crimes_monthly
),

together as (
    select
        force_code,
        measure_code as subject,
        month,
        area_level,
        area_code,
        value
    from measures_by_area
    union all
    select
        force_code,
        crime_type || ': ' || counted as subject,
        month,
        area_level,
        area_code,
        value
    from open_counted
),

-- A district of a local policing area is part of that area; elsewhere is of none.
placed as (
    select
        together.*,
        together.area_level = 'lpa'
        or (together.area_level = 'district' and districts.lpa_name is null)
            as is_lpa_or_elsewhere
    from together
    left join districts on together.area_code = districts.district_code
),

summed as (
    select
        force_code,
        subject,
        month,
        max(value) filter (where area_level = 'force') as of_force,
        count(*) filter (where area_level = 'district') as district_count,
        count(*) filter (where area_level = 'lpa') as lpa_count,
        case
            when
                count(value) filter (where area_level = 'district')
                = count(*) filter (where area_level = 'district')
                then sum(value) filter (where area_level = 'district')
        end as of_districts,
        case
            when
                count(value) filter (
                    where area_level in ('district', 'lpa')
                )
                = count(*) filter (where area_level in ('district', 'lpa'))
                then sum(value) filter (where is_lpa_or_elsewhere)
        end as of_lpas_and_elsewhere
    from placed
    group by all
)

select * from summed
where
    (district_count > 0 and of_force is distinct from of_districts)
    or (lpa_count > 0 and of_force is distinct from of_lpas_and_elsewhere)
