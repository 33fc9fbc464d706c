-- What the report says, one row per fact. reports/sentences/<fact_kind>.j2 has the
-- sentence. The facts of the report as a whole, and the cases that apply to it, are
-- found here.

with

sections as (
    select * from {{ ref('rpt_sections') }}
),

reports as (
    select * from {{ ref('dim_reports') }}
),

plan_strands as (
    select * from {{ ref('int_plan_strands') }}
    where plan_position = 2
),

board_measures as (
    select * from {{ ref('rpt_board_measures') }}
),

board_comparisons as (
    select * from {{ ref('rpt_board_comparisons') }}
    where comparison = 'previous_12_months'
),

leads as (
    select distinct force_code from {{ ref('strand_leads') }}
),

priorities as (
    select distinct force_code from {{ ref('plan_priorities') }}
),

report_sentences as (
    select * from {{ ref('report_sentences') }}
),

insights as (
    select * from {{ ref('int_insight_facts') }}
),

strand_facts as (
    select * from {{ ref('int_strand_facts') }}
),

-- Without a plan, all numbers are 0.
plans as (
    select
        quarter,
        force_code,
        count(*) filter (where not is_total) as strand_count,
        coalesce(max(total) filter (where is_total), 0) as total,
        coalesce(max(complete) filter (where is_total), 0) as complete,
        coalesce(max(ongoing) filter (where is_total), 0) as ongoing,
        coalesce(max(at_risk) filter (where is_total), 0) as at_risk,
        coalesce(
            list(strand order by strand_position)
            filter (where not is_total and at_risk > 0),
            []
        ) as strands_at_risk,
        max(held_not_counted) as held_not_counted,
        max(held_as_before) as held_as_before
    from plan_strands
    group by all
),

-- The measures of the board report's main points, and its words for them.
compared as (
    select
        board_measures.quarter,
        board_measures.force_code,
        board_measures.row_position,
        abs(board_comparisons.clearness) as clearness,
        coalesce(board_comparisons.change_code, 'unknown') as change_code,
        struct_pack(
            name := board_measures.measure_name,
            count := board_comparisons.current_count,
            difference_pct := board_comparisons.difference_pct,
            is_defined_by_outcome := board_measures.is_defined_by_outcome
        ) as measure
    from board_measures
    left join board_comparisons using (quarter, force_code, measure)
),

-- Each change code, with its measures: the clearest change first, as on page one.
by_code as (
    select
        quarter,
        force_code,
        change_code,
        list(measure order by clearness desc nulls last, row_position asc)
            as measures
    from compared
    group by all
),

changes as (
    select
        quarter,
        force_code,
        map_from_entries(list(row(change_code, measures))) as measures_by_code,
        list(change_code order by change_code) as change_codes
    from by_code
    group by all
),

described as (
    select
        plans.*,
        changes.measures_by_code,
        list_concat(
            [
                'always',
                if(reports.plan_as_at_date is null, 'no_plan', 'plan'),
                if(leads.force_code is null, 'no_leads', 'leads'),
                if(priorities.force_code is null, 'no_priorities', 'priorities')
            ],
            coalesce(changes.change_codes, [])
        ) as cases
    from reports
    inner join plans using (quarter, force_code)
    left join changes using (quarter, force_code)
    left join leads on reports.force_code = leads.force_code
    left join priorities on reports.force_code = priorities.force_code
),

of_the_report as (
    select
        described.quarter,
        described.force_code,
        report_sentences.section_code,
        report_sentences.slot,
        report_sentences.sentence_position as fact_position,
        report_sentences.sentence_style,
        report_sentences.kind,
        if(
            map_contains(described.measures_by_code, report_sentences.applies_to),
            report_sentences.applies_to,
            null
        ) as change_code,
        if(
            change_code is null,
            to_json(struct_pack(
                strand_count := described.strand_count,
                total := described.total,
                complete := described.complete,
                ongoing := described.ongoing,
                at_risk := described.at_risk,
                strands_at_risk := described.strands_at_risk,
                held_not_counted := described.held_not_counted,
                held_as_before := described.held_as_before
            )),
            to_json(struct_pack(
                measures := described.measures_by_code[report_sentences.applies_to]
            ))
        ) as facts
    from described
    inner join report_sentences
        on list_contains(described.cases, report_sentences.applies_to)
),

-- Facts about a table are in the order of seeds/layout/insights.csv, then of the table;
-- after the sentences that their slot has about the report as a whole: a table without
-- a section in this report stands in the default section, which has such sentences.
last_positions as (
    select
        quarter,
        force_code,
        section_code,
        slot,
        max(fact_position) as last_position
    from of_the_report
    group by all
),

numbered_insights as (
    select
        * exclude (insight_position, row_position),
        row_number() over (
            partition by quarter, force_code, section_code, slot
            order by insight_position, row_position
        ) as insight_number
    from insights
),

following_insights as (
    select
        numbered_insights.*,
        numbered_insights.insight_number
        + coalesce(last_positions.last_position, 0) as fact_position
    from numbered_insights
    left join last_positions
        on numbered_insights.quarter = last_positions.quarter
        and numbered_insights.force_code = last_positions.force_code
        and numbered_insights.section_code = last_positions.section_code
        and numbered_insights.slot = last_positions.slot
),

facts as (
    select * from of_the_report
    union all by name
    select * from following_insights
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
        facts.kind as fact_kind,
        facts.subject,
        facts.measure_code,
        facts.change_code,
        facts.figure_id,
        cast(facts.value as decimal(18, 1)) as said_value,
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
