-- One row for each line that is held now, in every quarter's report. The line's text is
-- left out, because it may name people (fct_quarantined_lines has it).

with

reports as (
    select * from {{ ref('dim_reports') }}
),

loads as (
    select * from {{ ref('fct_loads') }}
),

quarantined_lines as (
    select * from {{ ref('fct_quarantined_lines') }}
    where is_open
),

reasons as (
    select * from {{ ref('dim_quarantine_reasons') }}
),

by_reason as (
    select
        load_id,
        extract,
        file_name,
        unnest(quarantine_reasons) as reason_code,
        line,
        held_since_at
    from quarantined_lines
),

counted as (
    select
        loads.force_code,
        by_reason.extract,
        by_reason.file_name,
        reasons.reason,
        reasons.remedy,
        count(by_reason.line) as held_line_count,
        cast(min(by_reason.held_since_at) as date) as held_since_date
    from by_reason
    inner join loads on by_reason.load_id = loads.load_id
    inner join reasons
        on by_reason.extract = reasons.extract
        and by_reason.reason_code = reasons.reason_code
    group by all
),

-- If no line is held, one row says so.
in_reports as (
    select
        reports.quarter,
        reports.force_code,
        'quarantine' as table_name,
        row_number() over (
            partition by reports.quarter, reports.force_code
            order by counted.extract, counted.file_name, counted.reason
        ) as row_position,
        cast(row_position as varchar) as row_key,
        'held_lines' as measure_code,
        'file_and_reason' as breakdown,
        nullif(concat_ws(': ', counted.file_name, counted.reason), '') as category,
        'force' as area_level,
        reports.force_code as area_code,
        reports.end_date as first_day,
        reports.end_date as last_day,
        coalesce(counted.extract, {{ wording("'none_held'") }}) as held_extract,
        counted.file_name,
        counted.reason,
        counted.remedy,
        counted.held_since_date,
        coalesce(counted.held_line_count, 0) as held_line_count
    from reports
    left join counted on reports.force_code = counted.force_code
)

select * from in_reports
