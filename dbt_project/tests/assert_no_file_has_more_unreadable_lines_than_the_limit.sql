-- A line that cannot be read is lost to every figure, as one that is held: the same
-- limit stops the run.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'fct_loads'}},
        'description': 'No file has more unreadable lines than the limit in'
            ~ ' seeds/force/quarantine_thresholds.csv.',
        'remedy': 'Have each file corrected at its source and delivered again'
            ~ ' under a later time. raw.unreadable_lines has every line and its'
            ~ ' reason. If the lines may be left out of all figures, raise'
            ~ ' stop_lines or stop_share of the extract in'
            ~ ' seeds/force/quarantine_thresholds.csv.',
    },
) }}

with

loads as (
    select * from {{ ref('fct_loads') }}
    where lines_unreadable > 0
),

limits as (
    select * from {{ ref('int_quarantine_limits') }}
),

unreadable_lines as (
    select * from {{ ref('stg_register__unreadable_lines') }}
),

files as (
    select
        loads.load_id,
        loads.file_name,
        loads.lines_unreadable,
        loads.lines_delivered,
        arg_min(unreadable_lines.line, unreadable_lines.line) as first_line,
        arg_min(unreadable_lines.reason, unreadable_lines.line) as first_reason
    from loads
    inner join limits on loads.load_id = limits.load_id
    inner join unreadable_lines on loads.load_id = unreadable_lines.load_id
    where loads.lines_unreadable >= limits.stop_from
    group by all
)

select * exclude (load_id)
from files
order by load_id desc
