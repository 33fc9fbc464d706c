-- The measures on page one of each report, and what it shows of each besides its
-- comparisons and its months: its names, its aim, its solved rate (for open data, the
-- positive outcomes so far), and the reason if it is missing. In a report of open data,
-- all crime is first, then the largest.

with

measures as (
    select * from {{ ref('int_report_measures') }}
    where is_on_board
),

comparisons as (
    select * from {{ ref('fct_comparisons') }}
    where area_level = 'force' and comparison_code = 'previous_12_months'
),

sections as (
    select * from {{ ref('rpt_sections') }}
),

by_area as (
    select * from {{ ref('int_measures_by_area') }}
    where area_level = 'force' and value is not null
),

solved as (
    select * from {{ ref('fct_solved_12_months') }}
    where area_level = 'force'
),

open_outcomes as (
    {{ rows_with_figures('open_outcomes', {
        'rate_per_1000': 'decimal(12, 1)',
        'positive_pct': 'decimal(12, 1)',
        'positive_outcomes': 'bigint',
        'known_outcomes': 'bigint',
    }) }}
),

measure_notes as (
    select * from {{ ref('int_measure_notes') }}
),

first_months as (
    select
        force_code,
        measure_code,
        min(month) as first_counted_month,
        last_day(max(month)) as last_day
    from by_area
    group by all
),

board_measures as (
    select
        measures.quarter,
        measures.force_code,
        row_number() over (
            partition by measures.quarter, measures.force_code
            order by
                if(measures.origin = 'open data', null, measures.strand_position)
                nulls last,
                if(measures.origin = 'open data', comparisons.current_total, null)
                desc nulls last,
                measures.measure_position
        ) as row_position,
        measures.strand_code,
        measures.strand_name,
        measures.measure_code,
        measures.measure_name,
        measures.measure_unit,
        measures.polarity,
        measures.is_plural,
        measures.is_defined_by_outcome,
        measures.quarter_start_date,
        measures.quarter_end_date,
        sections.section_number
    from measures
    left join comparisons
        on measures.force_code = comparisons.force_code
        and measures.measure_code = comparisons.measure_code
        and measures.quarter_end_date = comparisons.period_end
    left join sections
        on measures.quarter = sections.quarter
        and measures.force_code = sections.force_code
        and measures.strand_code = sections.section_code
),

described as (
    select
        board_measures.quarter,
        board_measures.force_code,
        board_measures.row_position,
        board_measures.section_number,
        board_measures.strand_name as strand,
        board_measures.measure_code as measure,
        board_measures.measure_name,
        replace(board_measures.measure_name, ' (open data)', '') as short_name,
        board_measures.is_plural,
        board_measures.is_defined_by_outcome,
        board_measures.measure_unit,
        case board_measures.polarity
            when 'lower_is_better' then 'fewer'
            when 'higher_is_better' then 'more'
        end as aim,
        first_months.first_counted_month,
        solved.previous_solved_pct,
        solved.previous_solved,
        solved.previous_recorded,
        solved.current_solved_pct as solved_pct,
        solved.current_solved as solved,
        solved.current_recorded as recorded,
        solved.change_code as solved_change_code,
        open_outcomes.rate_per_1000,
        open_outcomes.positive_pct,
        open_outcomes.positive_outcomes,
        open_outcomes.known_outcomes,
        measure_notes.reasons as gap_reasons,
        {{ status(
            'coalesce(first_months.last_day >= board_measures.quarter_end_date, false)'
        ) }} as status
    from board_measures
    left join first_months
        on board_measures.force_code = first_months.force_code
        and board_measures.measure_code = first_months.measure_code
    left join solved
        on board_measures.force_code = solved.force_code
        and board_measures.measure_code = solved.measure_code
        and board_measures.quarter_end_date = solved.period_end
    left join open_outcomes
        on board_measures.quarter = open_outcomes.quarter
        and board_measures.force_code = open_outcomes.force_code
        and board_measures.measure_code = open_outcomes.measure
    left join measure_notes
        on board_measures.quarter = measure_notes.quarter
        and board_measures.force_code = measure_notes.force_code
        and board_measures.measure_code = measure_notes.measure_code
)

select * from described
