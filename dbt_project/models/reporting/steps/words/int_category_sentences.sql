-- The most frequent categories of a breakdown, and those that follow: all that tie.

with

categories as (
    select
        *,
        {{ one_decimal('share_pct') }} as share_text
    from {{ ref('int_insight_rows') }}
    where form = 'most' and is_available
),

ranked as (
    select
        *,
        rank() over (
            partition by quarter, force_code, section_code, table_name
            order by numerator desc
        ) as place
    from categories
    where numerator > 0
),

highest as (
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
    from ranked
    group by all
),

formed as (
    select
        *,
        case
            when next_categories is null then {{ wording("'insight_most_alone'") }}
            else {{ wording("'insight_most'") }}
        end as form
    from highest
),

worded as (
    select
        quarter,
        force_code,
        section_code,
        slot,
        insight_position,
        1 as row_position,
        sentence_style,
        {{ filled('form', {
            'table_title': 'table_title',
            'first_is': is_or_are('len(first_categories)'),
            'first_categories': enumerated('first_categories'),
            'next_categories': "coalesce(" ~ enumerated('next_categories') ~ ", '')",
        }) }} as sentence
    from formed
)

select * from worded
