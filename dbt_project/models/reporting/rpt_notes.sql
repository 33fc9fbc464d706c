-- The notes of seeds/layout/notes.csv, and notes on the data: records that count in an
-- earlier version because their latest line is held, unlisted values, and figures that
-- are not available.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

notes as (
    select * from {{ ref('notes') }}
),

quarantined_lines as (
    select * from {{ ref('fct_quarantined_lines') }}
    where counts_as_before
),

loads as (
    select * from {{ ref('fct_loads') }}
),

unknown_values as (
    select * from {{ ref('fct_unknown_values') }}
),

as_before as (
    select
        loads.force_code,
        quarantined_lines.extract as about,
        'note_as_before' as kind,
        count(distinct quarantined_lines.line_key) as record_count
    from quarantined_lines
    inner join loads on quarantined_lines.load_id = loads.load_id
    group by all
),

not_recognised as (
    select
        force_code,
        extract || '.' || column_name as about,
        if(column_name = 'falls_within', 'note_other_force', 'note_not_recognised')
            as kind,
        sum(counted_line_count) as record_count
    from unknown_values
    where counted_line_count > 0
    group by all
),

found as (
    select * from as_before
    union all
    select * from not_recognised
),

absence_notes as (
    select * from {{ ref('int_absence_notes') }}
),

together as (
    select
        reports.quarter,
        reports.force_code,
        1 as part,
        notes.note_position,
        'note' as kind,
        to_json(struct_pack(text := notes.note_text)) as facts
    from reports
    inner join notes on coalesce(notes.origin, reports.origin) = reports.origin
    union all
    select
        reports.quarter,
        reports.force_code,
        2 as part,
        row_number() over (
            partition by reports.quarter, reports.force_code
            order by found.kind, found.about
        ) as note_position,
        found.kind,
        to_json(struct_pack(
            about := found.about,
            record_count := cast(found.record_count as bigint)
        )) as facts
    from reports
    inner join found on reports.force_code = found.force_code
    union all
    select
        quarter,
        force_code,
        3 as part,
        note_position,
        kind,
        facts
    from absence_notes
),

numbered as (
    select
        quarter,
        force_code,
        row_number() over (
            partition by quarter, force_code order by part, note_position
        ) as note_position,
        kind,
        facts
    from together
)

select * from numbered
