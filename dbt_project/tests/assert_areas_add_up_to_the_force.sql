-- For each measure (or crime type) and month, two sums equal the force's total: that of
-- the districts, with Unknown, Outside the force and Not recognised; and that of the
-- local policing areas, with the districts that belong to none. If the count of one
-- area is not known, the total is not known. A doubted
-- district (int_doubted_areas) has no count in the tables; it adds the records that it
-- still has (int_monthly_counts).

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

street_crimes as (
    select * from {{ ref('fct_open_crimes') }}
),

all_crime_types as (
    select crime_type from {{ ref('measure_rules') }}
    where measure_code = 'open_all_crime'
),

open_crimes as (
    select * from street_crimes
    union all
    select street_crimes.* replace ({{ all_crime() }} as crime_type)
    from street_crimes
    inner join all_crime_types on street_crimes.crime_type = all_crime_types.crime_type
),

districts as (
    select * from {{ ref('int_districts') }}
),

doubted_areas as (
    select
        *,
        true as is_doubted
    from {{ ref('int_doubted_areas') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

counts as (
    select * from {{ ref('int_monthly_counts') }}
    where area_level = 'district'
),

open_withheld as (
    select
        open_crimes.force_code,
        open_crimes.recorded_month as month,
        open_crimes.district_code as area_code,
        open_crimes.crime_type,
        count(*) as crime_count,
        count(*) filter (where open_crimes.outcome_result = 'positive')
            as positive_count,
        count(*) filter (where open_crimes.outcome_result = 'not_positive')
            as not_positive_count,
        count(*) filter (where open_crimes.outcome_result = 'open') as open_count
    from open_crimes
    semi join doubted_areas
        on doubted_areas.extract = 'police_uk_street'
        and open_crimes.force_code = doubted_areas.force_code
        and open_crimes.district_code = doubted_areas.district_code
        and open_crimes.recorded_month = doubted_areas.month
    group by all
),

-- A district without any line adds 0.
open_counted as (
    select
        monthly.force_code,
        monthly.month,
        monthly.area_level,
        monthly.area_code,
        unnest(['crimes', 'positive', 'not positive', 'open']) as counted,
        coalesce(
            unnest([
                monthly.crime_count,
                monthly.positive_count,
                monthly.not_positive_count,
                monthly.open_count
            ]),
            unnest([
                open_withheld.crime_count,
                open_withheld.positive_count,
                open_withheld.not_positive_count,
                open_withheld.open_count
            ]),
            case when monthly.is_supplied then 0 end
        ) as value,
        monthly.crime_type
    from open_crimes_monthly as monthly
    left join open_withheld using (force_code, month, area_code, crime_type)
),

together as (
    select
        measures_by_area.force_code,
        measures_by_area.measure_code as subject,
        measures_by_area.month,
        measures_by_area.area_level,
        measures_by_area.area_code,
        coalesce(
            measures_by_area.value,
            case when doubted_areas.is_doubted then coalesce(counts.value, 0) end
        ) as value,
        doubted_areas.is_doubted
    from measures_by_area
    inner join measures on measures_by_area.measure_code = measures.measure_code
    left join doubted_areas
        on measures.source_extract = doubted_areas.extract
        and measures_by_area.force_code = doubted_areas.force_code
        and measures_by_area.area_code = doubted_areas.district_code
        and measures_by_area.month = doubted_areas.month
    left join counts
        on measures_by_area.force_code = counts.force_code
        and measures_by_area.measure_code = counts.measure_code
        and measures_by_area.month = counts.month
        and measures_by_area.area_code = counts.area_code
    union all
    select
        force_code,
        crime_type || ': ' || counted as subject,
        month,
        area_level,
        area_code,
        value,
        cast(null as boolean) as is_doubted
    from open_counted
),

-- A district that belongs to a local policing area is counted in that area.
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
        -- The count of a policing area with a doubted district is not known.
        case
            when bool_or(is_doubted) is not true
                then count(*) filter (where area_level = 'lpa')
        end as lpa_count,
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
