with

quarantined_lines as (
    select * from {{ ref('fct_quarantined_lines') }}
    where is_open
),

loads as (
    select * from {{ ref('stg_register__loads') }}
),

thresholds as (
    select * from {{ ref('quarantine_thresholds') }}
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
        loads.load_id,
        loads.extract,
        loads.file_name,
        counted.held_line_count,
        loads.lines_delivered,
        counted.held_line_count
        >= coalesce(own_limits.warn_lines, common_limits.warn_lines)
        or counted.held_line_count
        >= loads.lines_delivered
        * coalesce(own_limits.warn_share, common_limits.warn_share)
            as is_above_warning,
        counted.held_line_count
        >= coalesce(own_limits.stop_lines, common_limits.stop_lines)
        and counted.held_line_count
        >= loads.lines_delivered
        * coalesce(own_limits.stop_share, common_limits.stop_share)
            as is_above_limit
    from counted
    inner join loads on counted.load_id = loads.load_id
    inner join thresholds as common_limits on common_limits.extract = 'all'
    left join thresholds as own_limits on loads.extract = own_limits.extract
)

select * from judged
