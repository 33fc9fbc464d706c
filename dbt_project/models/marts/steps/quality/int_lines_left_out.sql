-- Files with lines that no figure counts, because they are held or cannot be read. A
-- file has a warning if one of its two thresholds is reached, and stops a run if both
-- of its own are. Held lines are described by line number and key. The text of the
-- lines is left out, because it may name people.

with

loads as (
    select * from {{ ref('stg_register__loads') }}
),

thresholds as (
    select * from {{ ref('quarantine_thresholds') }}
),

quarantined_lines as (
    select * from {{ ref('fct_quarantined_lines') }}
    where is_open
),

unreadable_lines as (
    select * from {{ ref('stg_register__unreadable_lines') }}
),

reasons as (
    select * from {{ ref('dim_quarantine_reasons') }}
),

limits as (
    select
        loads.*,
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
),

held as (
    select
        load_id,
        count(*) as line_count
    from quarantined_lines
    group by all
),

unreadable as (
    select
        load_id,
        arg_min(line, line) as first_line,
        arg_min(reason, line) as first_reason
    from unreadable_lines
    group by all
),

worded as (
    select
        held_lines.load_id,
        held_lines.line,
        held_lines.line_key,
        reasons.reason,
        reasons.remedy
    from (
        select
            *,
            unnest(quarantine_reasons) as reason_code
        from quarantined_lines
    ) as held_lines
    inner join reasons
        on held_lines.extract = reasons.extract
        and held_lines.reason_code = reasons.reason_code
),

counted as (
    select
        load_id,
        reason,
        remedy,
        count(*) as line_count
    from worded
    group by all
),

by_reason as (
    select
        load_id,
        list(
            line_count || ' x ' || reason || ': ' || remedy
            order by line_count desc, reason asc
        ) as reasons
    from counted
    group by all
),

lines_with_reasons as (
    select
        load_id,
        line,
        line_key,
        string_agg(reason, ', ' order by reason) as reasons
    from worded
    group by all
),

numbered as (
    select
        *,
        row_number() over (partition by load_id order by line) as line_position
    from lines_with_reasons
),

examples as (
    select
        load_id,
        list(
            'line ' || line || coalesce(' (' || line_key || ')', '') || ': ' || reasons
            order by line
        ) as example_lines
    from numbered
    where line_position <= 3
    group by all
),

judged as (
    select
        limits.load_id,
        limits.extract,
        limits.file_name,
        limits.lines_delivered,
        coalesce(held.line_count, 0) as held_line_count,
        by_reason.reasons,
        examples.example_lines,
        coalesce(held.line_count >= limits.warning_from, false)
            as is_held_above_warning,
        coalesce(held.line_count >= limits.stop_from, false) as is_held_above_limit,
        limits.lines_unreadable,
        unreadable.first_line,
        unreadable.first_reason,
        limits.lines_unreadable > 0
        and limits.lines_unreadable >= limits.warning_from
            as is_unreadable_above_warning,
        limits.lines_unreadable > 0
        and limits.lines_unreadable >= limits.stop_from as is_unreadable_above_limit
    from limits
    left join held on limits.load_id = held.load_id
    left join by_reason on limits.load_id = by_reason.load_id
    left join examples on limits.load_id = examples.load_id
    left join unreadable on limits.load_id = unreadable.load_id
    where held.line_count > 0 or limits.lines_unreadable > 0
)

select * from judged
