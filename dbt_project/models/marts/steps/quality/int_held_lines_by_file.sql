with

quarantined_lines as (
    select * from {{ ref('fct_quarantined_lines') }}
    where is_open
),

limits as (
    select * from {{ ref('int_quarantine_limits') }}
),

counted as (
    select
        load_id,
        count(*) as held_line_count
    from quarantined_lines
    group by all
),

judged as (
    select
        limits.load_id,
        limits.extract,
        limits.file_name,
        counted.held_line_count,
        limits.lines_delivered,
        counted.held_line_count >= limits.warning_from as is_above_warning,
        counted.held_line_count >= limits.stop_from as is_above_limit
    from counted
    inner join limits on counted.load_id = limits.load_id
)

select * from judged
