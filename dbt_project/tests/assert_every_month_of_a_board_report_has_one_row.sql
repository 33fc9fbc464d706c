-- The board report has one row per measure and month of its charts, and one message per
-- measure.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_board_months'}},
        'description': 'Every measure of a report has one row for each month of its'
            ~ ' charts, and one message.',
        'remedy': 'Look in rpt_board_months for what leaves out or repeats the month'
            ~ ' shown, and in rpt_board_signals for the message.',
    },
) }}

with

board_measures as (
    select * from {{ ref('rpt_board_measures') }}
),

months as (
    select * from {{ ref('int_report_months') }}
),

board_months as (
    select * from {{ ref('rpt_board_months') }}
),

board_signals as (
    select * from {{ ref('rpt_board_signals') }}
),

expected as (
    select
        board_measures.quarter,
        board_measures.force_code,
        board_measures.measure,
        months.month
    from board_measures
    inner join months using (quarter, force_code)
),

counted as (
    select
        expected.*,
        count(board_months.month) as row_count,
        count(board_signals.measure) as message_count
    from expected
    left join board_months using (quarter, force_code, measure, month)
    left join board_signals using (quarter, force_code, measure)
    group by all
)

select * from counted
where row_count <> 1 or message_count <> 1
