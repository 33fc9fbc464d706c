-- What the summary says of a measure: its count, by how much it changed, and the word
-- of the change.

with

report_measures as (
    select * from {{ ref('int_report_measures') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
    where kind = 'flow'
),

comparisons as (
    select * from {{ ref('fct_comparisons') }}
    where area_level = 'force' and comparison_code = 'previous_12_months'
),

compared as (
    select
        report_measures.quarter,
        report_measures.force_code,
        report_measures.row_position,
        report_measures.measure_code,
        report_measures.measure_name,
        comparisons.current_count,
        comparisons.difference_pct,
        coalesce(comparisons.change_code, 'unknown') as change_code
    from report_measures
    inner join measures
        on report_measures.measure_code = measures.measure_code
    left join comparisons
        on report_measures.force_code = comparisons.force_code
        and report_measures.measure_code = comparisons.measure_code
        and report_measures.end_date = comparisons.period_end
)

select * from compared
