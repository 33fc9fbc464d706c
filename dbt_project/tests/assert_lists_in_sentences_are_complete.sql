-- The summary has a sentence for each word of a change (higher, lower, uneven, no clear
-- change) that lists its measures, and one that lists the strands at risk. Each measure
-- must be in the sentence of its word in the table of changes, and each strand with an
-- action at risk in the sentence about risk.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_sentences'}},
        'description': 'A sentence that lists the measures of one word, or the strands'
            ~ ' at risk, lists all of them and no others.',
        'remedy': 'Correct the sentence in seeds/layout/report_sentences.csv or its'
            ~ ' facts in dbt_project/models/reporting/steps/words/int_report_facts.sql.',
    },
) }}

with

sentences as (
    select * from {{ ref('rpt_sentences') }}
),

changes as (
    select
        report_rows.*,
        cells.change_code
    from {{ ref('rpt_rows') }} as report_rows
    inner join {{ ref('rpt_cells') }} as cells
        using (quarter, force_code, table_name, row_position)
    where
        report_rows.table_name = 'change_intervals'
        and report_rows.comparison = 'previous_12_months'
        and cells.column_name = 'change_word'
),

delivery_progress as (
    {{ rows_with_figures('delivery_progress', {
        'at_risk': 'bigint',
    }) }}
),

figures as (
    select
        quarter,
        force_code,
        measure_name as item,
        coalesce(change_code, 'unknown') as subject
    from changes
    union all
    select
        quarter,
        force_code,
        strand as item,
        'risk' as subject
    from delivery_progress
    where at_risk > 0 and strand <> {{ wording("'total_row'") }}
),

counted as (
    select
        quarter,
        force_code,
        subject,
        list(item) as items
    from figures
    group by all
),

said as (
    select
        quarter,
        force_code,
        if(starts_with(subject, 'risk_'), 'risk', subject) as subject,
        sentence
    from sentences
    where
        section_code = 'executive_summary'
        and subject in
        (
            'higher',
            'lower',
            'uneven',
            'no_clear_change',
            'too_few',
            'unknown',
            'risk_one',
            'risk_many'
        )
),

compared as (
    select
        quarter,
        force_code,
        subject,
        counted.items,
        said.sentence
    from counted
    full join said using (quarter, force_code, subject)
),

searched as (
    select
        *,
        len(list_filter(items, lambda item: contains(sentence, item))) as found_count
    from compared
)

select * from searched
where items is null or sentence is null or found_count <> len(items)
