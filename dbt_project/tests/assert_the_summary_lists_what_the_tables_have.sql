-- The measures of each code and the strands at risk of the summary, against the tables
-- of the pack: each name is listed under the code that page one has for it. A report of
-- open data has no summary.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_facts'}},
        'description': 'The summary lists all measures of a code, and all strands at'
            ~ ' risk, and no others.',
        'remedy': 'Correct seeds/layout/report_sentences.csv or the model'
            ~ ' dbt_project/models/reporting/words/rpt_facts.sql.',
    },
) }}

with

facts as (
    select * from {{ ref('rpt_facts') }}
    where section_code = 'executive_summary'
),

summaries as (
    select
        quarter,
        force_code
    from {{ ref('rpt_sections') }}
    where section_code = 'executive_summary'
),

measures as (
    select board_measures.*
    from {{ ref('rpt_board_measures') }} as board_measures
    semi join summaries using (quarter, force_code)
),

comparisons as (
    select * from {{ ref('rpt_board_comparisons') }}
    where comparison = 'previous_12_months'
),

delivery_progress as (
    {{ rows_with_figures('delivery_progress', {
        'at_risk': 'bigint',
    }) }}
),

in_tables as (
    select
        measures.quarter,
        measures.force_code,
        measures.measure_name as item,
        coalesce(comparisons.change_code, 'unknown') as code
    from measures
    left join comparisons using (quarter, force_code, measure)
    union all
    select
        quarter,
        force_code,
        strand as item,
        'risk' as code
    from delivery_progress
    where at_risk > 0 and strand <> {{ wording("'total_row'") }}
),

listed as (
    select
        quarter,
        force_code,
        unnest(
            if(
                fact_kind = 'summary_change',
                cast(json_extract_string(facts, '$.measures[*].name') as varchar[]),
                cast(json_extract_string(facts, '$.strands_at_risk[*]') as varchar[])
            )
        ) as item,
        coalesce(change_code, 'risk') as code
    from facts
    where fact_kind in ('summary_change', 'summary_risk')
)

select
    quarter,
    force_code,
    item,
    code,
    in_tables.item is not null as is_in_tables,
    listed.item is not null as is_listed
from in_tables
full join listed using (quarter, force_code, item, code)
where in_tables.item is null or listed.item is null
