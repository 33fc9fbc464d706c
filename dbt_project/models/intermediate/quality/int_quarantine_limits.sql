with

loads as (
    select * from {{ ref('stg_register__loads') }}
),

thresholds as (
    select * from {{ ref('quarantine_thresholds') }}
),

-- A warning if one of its two thresholds is reached; a stop if both of its own are.
limits as (
    select
        loads.load_id,
        loads.extract,
        loads.file_name,
        loads.lines_delivered,
        least(
            coalesce(own_limits.warn_lines, common_limits.warn_lines),
            loads.lines_delivered
            * coalesce(own_limits.warn_share, common_limits.warn_share)
        ) as warning_from,
        greatest(
            coalesce(own_limits.stop_lines, common_limits.stop_lines),
            loads.lines_delivered
            * coalesce(own_limits.stop_share, common_limits.stop_share)
        ) as stop_from
    from loads
    inner join thresholds as common_limits on common_limits.extract = 'all'
    left join thresholds as own_limits on loads.extract = own_limits.extract
)

select * from limits
