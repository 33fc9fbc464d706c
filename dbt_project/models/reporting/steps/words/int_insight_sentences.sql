-- The insights of each part in one order: those of seeds/layout/insights.csv, then the
-- tables' own.

with

sentences as (
    select * from {{ ref('int_change_sentences') }}
    union all by name
    select * from {{ ref('int_category_sentences') }}
    union all by name
    select * from {{ ref('int_area_sentences') }}
    union all by name
    select * from {{ ref('int_range_sentences') }}
),

numbered as (
    select
        quarter,
        force_code,
        section_code,
        slot,
        row_number() over (
            partition by quarter, force_code, section_code, slot
            order by insight_position, row_position
        ) as sentence_position,
        sentence_style,
        subject,
        figure_id,
        base_figure_id,
        sentence
    from sentences
)

select * from numbered
