-- The measures on page one of each report. A report of open data leaves out the
-- measures that only a force's own extracts can give; all crime is first, then the
-- largest.

with

measures as (
    select * from {{ ref('int_measures_by_strand') }}
    where
        is_on_board
        and (is_delivered or origin <> 'open data')
),

comparisons as (
    select * from {{ ref('fct_comparisons') }}
    where area_level = 'force' and comparison_code = 'previous_12_months'
),

sections as (
    select * from {{ ref('int_report_sections') }}
),

ordered as (
    select
        measures.quarter,
        measures.force_code,
        row_number() over (
            partition by measures.quarter, measures.force_code
            order by
                if(measures.origin = 'open data', null, measures.strand_position)
                nulls last,
                if(measures.origin = 'open data', comparisons.current_count, null)
                desc nulls last,
                measures.measure_position
        ) as row_position,
        measures.strand_code,
        measures.strand_name,
        measures.measure_code,
        measures.measure_name,
        measures.unit,
        measures.polarity,
        measures.is_plural,
        measures.start_date,
        measures.end_date,
        sections.section_number
    from measures
    left join comparisons
        on measures.force_code = comparisons.force_code
        and measures.measure_code = comparisons.measure_code
        and measures.end_date = comparisons.period_end
    left join sections
        on measures.quarter = sections.quarter
        and measures.force_code = sections.force_code
        and measures.strand_code = sections.section_code
)

select * from ordered
