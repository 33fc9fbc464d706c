-- What the report says, one row per fact. reports/sentences/<kind>.j2 has the sentence.

with

sections as (
    select * from {{ ref('int_report_sections') }}
),

reports as (
    select * from {{ ref('int_report_facts') }}
),

report_sentences as (
    select * from {{ ref('report_sentences') }}
),

change_facts as (
    select * from {{ ref('int_change_facts') }}
),

table_facts as (
    select * from {{ ref('int_table_facts') }}
),

strand_facts as (
    select * from {{ ref('int_strand_facts') }}
),

of_the_report as (
    select
        reports.quarter,
        reports.force_code,
        report_sentences.section_code,
        report_sentences.slot,
        report_sentences.sentence_position as fact_position,
        report_sentences.sentence_style,
        report_sentences.kind,
        if(
            map_contains(reports.measures_by_code, report_sentences.applies_to),
            report_sentences.applies_to,
            null
        ) as change_code,
        if(
            change_code is null,
            to_json(struct_pack(
                strand_count := reports.strand_count,
                total := reports.total,
                complete := reports.complete,
                ongoing := reports.ongoing,
                at_risk := reports.at_risk,
                strands_at_risk := reports.strands_at_risk,
                held_not_counted := reports.held_not_counted,
                held_as_before := reports.held_as_before
            )),
            to_json(struct_pack(
                measures := reports.measures_by_code[report_sentences.applies_to]
            ))
        ) as facts
    from reports
    inner join report_sentences
        on list_contains(reports.cases, report_sentences.applies_to)
),

-- Facts about a table are in the order of seeds/layout/insights.csv, then of the table.
insights as (
    select * from change_facts
    union all by name
    select * from table_facts
),

numbered_insights as (
    select
        * exclude (insight_position, row_position),
        row_number() over (
            partition by quarter, force_code, section_code, slot
            order by insight_position, row_position
        ) as fact_position
    from insights
),

facts as (
    select * from of_the_report
    union all by name
    select * from numbered_insights
    union all by name
    select * from strand_facts
),

chosen as (
    select
        facts.quarter,
        facts.force_code,
        facts.section_code,
        sections.section_number,
        facts.slot,
        cast(facts.fact_position as integer) as fact_position,
        facts.sentence_style,
        facts.kind,
        facts.subject,
        facts.measure_code,
        facts.change_code,
        facts.figure_id,
        cast(facts.value as decimal(18, 1)) as value,
        facts.base_figure_id,
        cast(facts.base_value as decimal(18, 1)) as base_value,
        facts.facts
    from facts
    inner join sections
        on facts.quarter = sections.quarter
        and facts.force_code = sections.force_code
        and facts.section_code = sections.section_code
)

select * from chosen
