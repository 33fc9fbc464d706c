-- Where a measure was highest, and in how many areas of the force each word of its
-- change holds.

with

outside_districts as (
    select district_name from {{ ref('dim_districts') }}
    where force_code is null
),

areas as (
    select * from {{ ref('int_insight_rows') }}
    where form = 'areas' and is_available
),

ranked as (
    select
        areas.*,
        rank() over (
            partition by
                areas.quarter,
                areas.force_code,
                areas.section_code,
                areas.table_name,
                areas.measure_code
            order by areas.current_value desc
        ) as place
    from areas
    left join outside_districts on areas.area_name = outside_districts.district_name
    where
        outside_districts.district_name is null
        and areas.area_name <> {{ wording("'total_row'") }}
),

counted as (
    select
        quarter,
        force_code,
        section_code,
        slot,
        insight_position,
        sentence_style,
        measure_code,
        measure_name,
        period,
        base_period,
        min(row_position) as row_position,
        count(*) as area_count,
        count(*) filter (where change_code = 'higher') as higher_count,
        count(*) filter (where change_code = 'lower') as lower_count,
        count(*) filter (where change_code = 'uneven') as uneven_count,
        count(*) filter (where change_code = 'no_clear_change')
            as no_clear_change_count,
        count(*) filter (where change_code = 'too_few') as too_few_count,
        list(
            {{ filled(wording("'area_item'"), {
                'area_name': 'area_name',
                'count': with_commas('current_value'),
            }) }}
            order by place, area_name
        ) filter (where place <= 5 and current_value > 0) as highest_areas
    from ranked
    group by all
),

moved as (
    select
        *,
        list_filter(
            [
                {{ areas_that('higher') }},
                {{ areas_that('lower') }},
                {{ areas_that('uneven') }},
                {{ areas_that('no_clear_change') }},
                {{ areas_that('too_few') }}
            ],
            lambda words: words is not null
        ) as movements
    from counted
    where highest_areas is not null
),

formed as (
    select
        *,
        case
            when len(movements) = 0 then {{ wording("'insight_areas_alone'") }}
            else {{ wording("'insight_areas'") }}
        end as form
    from moved
),

worded as (
    select
        quarter,
        force_code,
        section_code,
        slot,
        insight_position,
        row_position,
        sentence_style,
        {{ filled('form', {
            'measure_name': 'measure_name',
            'base_period': 'base_period',
            'period': 'period',
            'highest_areas': enumerated('highest_areas'),
            'movements': "coalesce(" ~ enumerated('movements') ~ ", '')",
            'area_count': number_in_words('area_count'),
        }) }} as sentence
    from formed
)

select * from worded
