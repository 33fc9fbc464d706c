-- Every flow × month × area, with the areas that several districts make up together.

with

measures_by_area as (
    select * from {{ ref('int_measures_by_area') }}
),

combined_areas as (
    select * from {{ ref('combined_areas') }}
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
)

select * from all_areas
