-- For the measures that are counted from the force's own crimes: the open data's
-- outcomes have no month of their own in the street files.

with

report_measures as (
    select * from {{ ref('int_report_measures') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
    where source_extract = 'crimes'
),

solved as (
    select * from {{ ref('fct_solved_12_months') }}
    where area_level = 'force'
),

compared as (
    select
        report_measures.quarter,
        report_measures.force_code,
        report_measures.row_position,
        report_measures.measure_code as measure,
        report_measures.measure_name,
        report_measures.end_date as period_end,
        solved.previous_recorded,
        solved.previous_solved,
        solved.previous_solved_pct,
        solved.current_recorded,
        solved.current_solved,
        solved.current_solved_pct,
        solved.difference_points,
        {{ change_word('solved.change_code') }} as change_word,
        {{ status('solved.difference_points is not null') }} as status
    from report_measures
    inner join measures on report_measures.measure_code = measures.measure_code
    left join solved
        on report_measures.force_code = solved.force_code
        and report_measures.measure_code = solved.measure_code
        and report_measures.end_date = solved.period_end
)

select * from compared
