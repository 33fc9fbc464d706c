-- Held lines by file, described by line number and key. The text of the lines is left
-- out, because it may name people.

with

quarantined_lines as (
    select * from {{ ref('fct_quarantined_lines') }}
    where is_open
),

reasons as (
    select * from {{ ref('dim_quarantine_reasons') }}
),

worded as (
    select
        quarantined_lines.load_id,
        quarantined_lines.line,
        quarantined_lines.line_key,
        reasons.reason,
        reasons.remedy
    from (
        select
            *,
            unnest(quarantine_reasons) as reason_code
        from quarantined_lines
    ) as quarantined_lines
    inner join reasons
        on quarantined_lines.extract = reasons.extract
        and quarantined_lines.reason_code = reasons.reason_code
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

in_words as (
    select
        by_reason.load_id,
        by_reason.reasons,
        examples.example_lines
    from by_reason
    inner join examples on by_reason.load_id = examples.load_id
)

select * from in_words
