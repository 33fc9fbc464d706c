-- No two periods that are compared share a day: of a figure that is a change, of a
-- sentence, of the two counts in one row of a table, and of the board report.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_figures'}},
        'description': 'No comparison of a figure, a sentence, a row or the board'
            ~ ' report has two periods that share a day.',
        'remedy': 'Correct the periods in seeds/layout/comparisons.csv,'
            ~ ' seeds/force/result_periods.csv or the model of the rows.',
    },
) }}

with

figures as (
    select * from {{ ref('rpt_figures') }}
),

facts as (
    select * from {{ ref('rpt_facts') }}
),

cells as (
    select * from {{ ref('rpt_cells') }}
    where statistic is not null
),

changes as (
    select
        'figure ' || figure_id as comparison,
        first_day,
        last_day,
        base_first_day,
        base_last_day
    from figures
    where base_first_day is not null
),

said as (
    select
        'sentence on ' || facts.figure_id as comparison,
        figures.first_day,
        figures.last_day,
        bases.first_day as base_first_day,
        bases.last_day as base_last_day
    from facts
    inner join figures using (force_code, figure_id)
    inner join figures as bases
        on facts.force_code = bases.force_code
        and facts.base_figure_id = bases.figure_id
),

in_rows as (
    select
        concat_ws(' ', 'row', cells.table_name, cells.row_key) as comparison,
        cells.first_day,
        cells.last_day,
        again.first_day as base_first_day,
        again.last_day as base_last_day
    from cells
    inner join cells as again
        on cells.quarter = again.quarter
        and cells.force_code = again.force_code
        and cells.table_name = again.table_name
        and cells.row_position = again.row_position
        and cells.statistic = again.statistic
        and cells.measure_code = again.measure_code
        and cells.figure_id <> again.figure_id
    where
        cells.base_first_day is null
        and again.base_first_day is null
),

on_board as (
    select
        'board report ' || measure as comparison,
        period_start as first_day,
        period_end as last_day,
        base_start as base_first_day,
        base_end as base_last_day
    from {{ ref('rpt_board_comparisons') }}
    union all
    select
        concat_ws(' ', 'board report', unit, measure) as comparison,
        period_start as first_day,
        period_end as last_day,
        base_start as base_first_day,
        base_end as base_last_day
    from {{ ref('rpt_board_results') }}
),

together as (
    select * from changes
    union all
    select * from said
    union all
    select * from in_rows
    union all
    select * from on_board
)

select * from together
where base_first_day <= last_day and base_last_day >= first_day
