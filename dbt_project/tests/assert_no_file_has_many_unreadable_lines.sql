-- A line that cannot be split into its columns is in no figure and in no quarantine.

{{ config(
    severity='warn',
    meta={
        'dagster': {'ref': {'name': 'fct_loads'}},
        'description': 'Every file has fewer unreadable lines than the warning level'
            ~ ' in seeds/force/quarantine_thresholds.csv.',
        'remedy': 'Have each line corrected at its source and delivered again under a'
            ~ ' later time. Until then it is in no figure. raw.unreadable_lines has'
            ~ ' every line and its reason.',
    },
) }}

with

loads as (
    select * from {{ ref('fct_loads') }}
    where lines_unreadable > 0
),

unreadable_lines as (
    select * from {{ ref('stg_register__unreadable_lines') }}
),

limits as (
    select * from {{ ref('int_quarantine_limits') }}
),

judged as (
    select
        loads.load_id,
        loads.file_name,
        loads.lines_unreadable,
        loads.lines_delivered
    from loads
    inner join limits on loads.load_id = limits.load_id
    where loads.lines_unreadable >= limits.warning_from
),

explained as (
    select
        judged.load_id,
        judged.file_name,
        judged.lines_unreadable,
        judged.lines_delivered,
        arg_min(unreadable_lines.line, unreadable_lines.line) as first_line,
        arg_min(unreadable_lines.reason, unreadable_lines.line) as first_reason
    from judged
    inner join unreadable_lines on judged.load_id = unreadable_lines.load_id
    group by all
)

select * exclude (load_id)
from explained
order by load_id desc
