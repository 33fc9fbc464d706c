-- A line that cannot be split into its columns is in no figure and in no quarantine.

{{ config(
    severity='warn',
    meta={
        'dagster': {'ref': {'name': 'fct_loads'}},
        'description': 'Every file has fewer unreadable lines than the warning level'
            ~ ' in seeds/quarantine_thresholds.csv.',
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

thresholds as (
    select * from {{ ref('quarantine_thresholds') }}
),

judged as (
    select
        loads.load_id,
        loads.file_name,
        loads.lines_unreadable,
        loads.lines_delivered
    from loads
    inner join thresholds as common_limits on common_limits.extract = 'all'
    left join thresholds as own_limits on loads.extract = own_limits.extract
    where
        loads.lines_unreadable
        >= coalesce(own_limits.warn_lines, common_limits.warn_lines)
        or loads.lines_unreadable
        >= loads.lines_delivered
        * coalesce(own_limits.warn_share, common_limits.warn_share)
),

explained as (
    select
        judged.file_name,
        judged.lines_unreadable,
        judged.lines_delivered,
        arg_min(unreadable_lines.line, unreadable_lines.line) as first_line,
        arg_min(unreadable_lines.reason, unreadable_lines.line) as first_reason
    from judged
    inner join unreadable_lines on judged.load_id = unreadable_lines.load_id
    group by all
)

select * from explained
