-- The months of each chart with their usual range.

with

board_measures as (
    select * from {{ ref('rpt_board_measures') }}
),

months as (
    select * from {{ ref('int_report_months') }}
),

reports as (
    select * from {{ ref('dim_reports') }}
),

usual_ranges as (
    select * from {{ ref('fct_usual_ranges') }}
    where area_level = 'force'
),

spread as (
    select
        board_measures.quarter,
        board_measures.force_code,
        board_measures.measure,
        months.month,
        usual_ranges.monthly_count,
        usual_ranges.phase,
        usual_ranges.phase_cause,
        usual_ranges.average,
        usual_ranges.lower_limit,
        usual_ranges.upper_limit,
        usual_ranges.signal_code,
        usual_ranges.signal_side,
        usual_ranges.run_length,
        usual_ranges.run_start,
        usual_ranges.run_end,
        months.month >= reports.quarter_start_date as is_in_quarter
    from board_measures
    inner join months using (quarter, force_code)
    inner join reports using (quarter, force_code)
    left join usual_ranges
        on board_measures.force_code = usual_ranges.force_code
        and board_measures.measure = usual_ranges.measure_code
        and reports.quarter_end_date = usual_ranges.quarter_end_date
        and months.month = usual_ranges.month
),

with_extremes as (
    select
        *,
        {{ extremes('monthly_count', 'line') }}
    from spread
    window line as (partition by quarter, force_code, measure)
)

select * from with_extremes
