-- The sentences of seeds/layout/report_sentences.csv that apply to each report, with
-- their values.

with

facts as (
    select * from {{ ref('int_report_facts') }}
),

sentences as (
    select * from {{ ref('report_sentences') }}
),

applicable as (
    select
        sentences.*,
        facts.*
    from facts
    inner join sentences on list_contains(facts.cases, sentences.applies_to)
),

with_report as (
    select
        * replace (
            {{ filled('sentence', {
                'strategy_name': 'strategy_name',
                'force_name': 'force_name',
                'quarter_label': 'quarter_label',
                'quarter_months': months_label('start_date', 'end_date'),
                'next_quarter_months': months_label(
                    "start_date + interval 3 month",
                    "start_date + interval 5 month",
                ),
                'period_label': period_label('end_date'),
                'strand_count': number_in_words('strand_count'),
                'risks_section': 'risks_section',
                'by_exception_section': 'by_exception_section',
                'current_work_section': 'current_work_section',
            }) }} as sentence
        )
    from applicable
),

with_plan as (
    select
        * replace (
            {{ filled('sentence', {
                'plan_date': "coalesce(" ~ day_label('plan_as_at_date') ~ ", '')",
                'total': with_commas('total'),
                'complete_is': is_or_are('complete'),
                'complete': with_commas('complete'),
                'ongoing_is': is_or_are('ongoing'),
                'ongoing': with_commas('ongoing'),
                'at_risk_is': is_or_are('at_risk'),
                'at_risk': number_in_words('at_risk'),
                'at_risk_strand_count': number_in_words('len(strands_at_risk)'),
                'held_lines': 'held_lines_text',
                'at_risk_strands': "coalesce(" ~ enumerated('strands_at_risk') ~ ", '')",
            }) }} as sentence
        )
    from with_report
),

with_measures as (
    select
        * replace (
            {{ filled('sentence', {
                'higher_measures': "array_to_string(higher_measures, '; ')",
                'higher_count': number_in_words('len(higher_measures)'),
                'lower_measures': "array_to_string(lower_measures, '; ')",
                'lower_count': number_in_words('len(lower_measures)'),
                'uneven_measures': "array_to_string(uneven_measures, '; ')",
                'uneven_count': number_in_words('len(uneven_measures)'),
                'no_clear_change_measures': "array_to_string(no_clear_change_measures, '; ')",
                'no_clear_change_count': number_in_words('len(no_clear_change_measures)'),
                'too_few_measures': "array_to_string(too_few_measures, '; ')",
                'too_few_count': number_in_words('len(too_few_measures)'),
                'unknown_measures': "array_to_string(unknown_measures, '; ')",
                'unknown_count': number_in_words('len(unknown_measures)'),
            }) }} as sentence
        )
    from with_plan
),

chosen as (
    select
        quarter,
        force_code,
        section_code,
        slot,
        sentence_position,
        sentence_style,
        subject,
        {{ first_upper('sentence') }} as sentence
    from with_measures
)

select * from chosen
