with

sections as (
    select * from {{ ref('int_report_sections') }}
),

sentences as (
    select * from {{ ref('int_report_sentences') }}
    union all by name
    select * from {{ ref('int_insight_sentences') }}
    union all by name
    select * from {{ ref('int_strand_sentences') }}
    union all by name
    select * from {{ ref('int_risk_sentences') }}
    union all by name
    select * from {{ ref('int_priority_sentences') }}
),

numbered as (
    select
        sentences.quarter,
        sentences.force_code,
        sentences.section_code,
        sections.section_number,
        sentences.slot,
        cast(sentences.sentence_position as integer) as sentence_position,
        sentences.sentence_style,
        sentences.subject,
        sentences.figure_id,
        sentences.base_figure_id,
        sentences.sentence
    from sentences
    inner join sections
        on sentences.quarter = sections.quarter
        and sentences.force_code = sections.force_code
        and sentences.section_code = sections.section_code
)

select * from numbered
