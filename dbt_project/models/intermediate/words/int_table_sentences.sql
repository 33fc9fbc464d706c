-- What is said of a table as a whole: which categories or areas are the highest, in how
-- many areas a measure rose or fell, and how low and high a quarter's months were.

with

insight_rows as (
    select * from {{ ref('int_insight_rows') }}
    where json_extract_string(row_json, '$.status') = {{ wording("'available'") }}
),

outside_districts as (
    select district_name from {{ ref('dim_districts') }}
    where force_code is null
),

-- Categories: the most frequent, and those that follow it.
categories as (
    select
        *,
        json_extract_string(row_json, '$.category') as category,
        cast(json_extract_string(row_json, '$.numerator') as bigint) as numerator,
        cast(json_extract_string(row_json, '$.denominator') as bigint) as denominator,
        json_extract_string(row_json, '$.share_pct') as share_text
    from insight_rows
    where form = 'most'
),

ranked_categories as (
    select
        *,
        rank() over (
            partition by quarter, force_code, section_code, table_name
            order by numerator desc
        ) as place
    from categories
    where numerator > 0
),

highest_categories as (
    select
        quarter,
        force_code,
        section_code,
        slot,
        insight_position,
        sentence_style,
        table_title,
        list(
            {{ filled(wording("'first_category'"), {
                'category': 'category',
                'numerator': with_commas('numerator'),
                'denominator': with_commas('denominator'),
                'share': 'share_text',
            }) }}
            order by row_position
        ) filter (where place = 1) as first_categories,
        list(
            {{ filled(wording("'next_category'"), {
                'category': 'category',
                'numerator': with_commas('numerator'),
                'share': 'share_text',
            }) }}
            order by row_position
        ) filter (where place = 2) as next_categories
    from ranked_categories
    group by all
),

category_sentences as (
    select
        *,
        {{ filled(
            "case when next_categories is null then "
            ~ wording("'insight_most_alone'") ~ " else "
            ~ wording("'insight_most'") ~ " end",
            {
                'table_title': 'table_title',
                'first_is': is_or_are('len(first_categories)'),
                'first_categories': enumerated('first_categories'),
                'next_categories': "coalesce("
                    ~ enumerated('next_categories') ~ ", '')",
            },
        ) }} as sentence
    from highest_categories
),

-- Areas of the force, each with its direction.
areas as (
    select
        insight_rows.*,
        json_extract_string(row_json, '$.measure_name') as measure_name,
        json_extract_string(row_json, '$.area_name') as area_name,
        {{ direction('current_value - base_value') }} as area_direction
    from insight_rows
    where form = 'areas'
),

own_areas as (
    select
        areas.*,
        rank() over (
            partition by quarter, force_code, section_code, table_name, measure_code
            order by current_value desc
        ) as place
    from areas
    anti join outside_districts on areas.area_name = outside_districts.district_name
    where areas.area_name <> {{ wording("'total_row'") }}
),

counted_areas as (
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
        count(*) filter (where area_direction = 'up') as up_count,
        count(*) filter (where area_direction = 'down') as down_count,
        count(*) filter (where area_direction = 'same') as same_count,
        list(
            {{ filled(wording("'area_item'"), {
                'area_name': 'area_name',
                'count': with_commas('current_value'),
            }) }}
            order by place, area_name
        ) filter (where place <= 5 and current_value > 0) as highest_areas
    from own_areas
    group by all
),

moved_areas as (
    select
        *,
        list_filter(
            [
                {{ areas_that('up') }}, {{ areas_that('down') }}, {{ areas_that('same') }}
            ],
            lambda words: words is not null
        ) as movements
    from counted_areas
    where highest_areas is not null
),

area_sentences as (
    select
        *,
        {{ filled(wording("'insight_areas'"), {
            'measure_name': 'measure_name',
            'base_period': 'base_period',
            'period': 'period',
            'highest_areas': enumerated('highest_areas'),
            'movements': enumerated('movements'),
            'area_count': number_in_words('area_count'),
        }) }} as sentence
    from moved_areas
),

-- A quarter's months: this one's, and those of the other quarter in the table.
ranges as (
    select
        *,
        json_extract_string(row_json, '$.own_period') as own_period,
        json_extract_string(row_json, '$.lowest') as lowest,
        json_extract_string(row_json, '$.highest') as highest,
        json_extract_string(row_json, '$.monthly_average') as mean
    from insight_rows
    where form = 'range'
),

range_sentences as (
    select
        ranges.*,
        {{ filled(wording("'insight_range'"), {
            'name': 'ranges.name',
            'base_lowest': 'bases.lowest',
            'base_highest': 'bases.highest',
            'base_mean': 'bases.mean',
            'base_period': 'ranges.base_period',
            'lowest': 'ranges.lowest',
            'highest': 'ranges.highest',
            'mean': 'ranges.mean',
            'period': 'ranges.period',
        }) }} as sentence
    from ranges
    inner join ranges as bases
        on ranges.quarter = bases.quarter
        and ranges.force_code = bases.force_code
        and ranges.section_code = bases.section_code
        and ranges.table_name = bases.table_name
        and ranges.own_period <> bases.own_period
    where ranges.own_period = ranges.quarter_label
),

together as (
    select
        quarter,
        force_code,
        section_code,
        slot,
        insight_position,
        1 as row_position,
        sentence_style,
        cast(null as varchar) as subject,
        sentence
    from category_sentences
    union all by name
    select
        quarter,
        force_code,
        section_code,
        slot,
        insight_position,
        row_position,
        sentence_style,
        cast(null as varchar) as subject,
        sentence
    from area_sentences
    union all by name
    select
        quarter,
        force_code,
        section_code,
        slot,
        insight_position,
        row_position,
        sentence_style,
        cast(null as varchar) as subject,
        sentence
    from range_sentences
)

select * from together
