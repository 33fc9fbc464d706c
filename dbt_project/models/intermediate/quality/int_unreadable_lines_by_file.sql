with

loads as (
    select * from {{ ref('stg_register__loads') }}
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
        loads.lines_delivered,
        arg_min(unreadable_lines.line, unreadable_lines.line) as first_line,
        arg_min(unreadable_lines.reason, unreadable_lines.line) as first_reason,
        loads.lines_unreadable >= limits.warning_from as is_above_warning,
        loads.lines_unreadable >= limits.stop_from as is_above_limit
    from loads
    inner join limits on loads.load_id = limits.load_id
    inner join unreadable_lines on loads.load_id = unreadable_lines.load_id
    group by all
)

select * from judged
