-- Every flow by month and area, including areas that combine several districts, and
-- whether the measure's extract had a record of the area by that month. An area without
-- one was not measured. Forces and the members Unknown, Outside the force and Not
-- recognised always count as measured.

with

measures_by_area as (
    select * from {{ ref('int_measures_by_area') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

combined_areas as (
    select * from {{ ref('combined_areas') }}
),

first_records as (
    select * from {{ ref('int_first_records') }}
),

elsewhere as (
    select district_code from {{ ref('dim_districts') }}
    where force_code is null
),

together as (
    select
        measures_by_area.force_code,
        measures_by_area.measure_code,
        measures_by_area.month,
        'combined_area' as area_level,
        combined_areas.area_name as area_code,
        cast(
            case
                when count(measures_by_area.value) = count(*)
                    then sum(measures_by_area.value)
            end as decimal(18, 3)
        ) as value
    from measures_by_area
    inner join combined_areas
        on measures_by_area.measure_code = combined_areas.measure_code
        and measures_by_area.area_code = combined_areas.district_code
    where measures_by_area.area_level = 'district'
    group by all
),

all_areas as (
    select
        force_code,
        measure_code,
        month,
        area_level,
        area_code,
        value
    from measures_by_area
    union all
    select * from together
),

with_first_records as (
    select
        all_areas.*,
        all_areas.area_level = 'force'
        or elsewhere.district_code is not null
        or coalesce(first_records.first_month <= all_areas.month, false)
            as has_record
    from all_areas
    inner join measures on all_areas.measure_code = measures.measure_code
    left join elsewhere on all_areas.area_code = elsewhere.district_code
    left join first_records
        on measures.source_extract = first_records.extract
        and all_areas.force_code = first_records.force_code
        and all_areas.area_level = first_records.area_level
        and all_areas.area_code = first_records.area_code
)

select * from with_first_records
