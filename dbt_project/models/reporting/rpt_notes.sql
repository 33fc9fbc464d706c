-- The notes of seeds/layout/notes.csv, and notes on the data: records that count in an
-- earlier version because their latest line is held, unlisted values, and what is not
-- available: months first, then measures, districts, units and breakdowns.

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
    where counted_line_count > 0
),

supply_notes as (
    select * from {{ ref('int_supply_notes') }}
),

measure_notes as (
    select * from {{ ref('int_measure_notes') }}
    where is_own
),

part_notes as (
    select * from {{ ref('int_part_notes') }}
),

found as (
    select
        loads.force_code,
        2 as part,
        'note_as_before' as kind,
        quarantined_lines.extract as about,
        count(distinct quarantined_lines.line_key) as record_count
    from quarantined_lines
    inner join loads on quarantined_lines.load_id = loads.load_id
    group by all
    union all
    select
        force_code,
        if(column_name = 'falls_within', 4, 3) as part,
        if(column_name = 'falls_within', 'note_other_force', 'note_not_recognised')
            as kind,
        extract || '.' || column_name as about,
        sum(counted_line_count) as record_count
    from unknown_values
    group by all
),

together as (
    select
        reports.quarter,
        reports.force_code,
        1 as part,
        notes.note_position as place,
        'note' as kind,
        to_json(struct_pack(text := notes.note_text)) as facts
    from reports
    inner join notes on coalesce(notes.origin, reports.origin) = reports.origin
    union all by name
    select
        reports.quarter,
        reports.force_code,
        found.part,
        found.about as subject,
        found.kind,
        to_json(struct_pack(
            about := found.about,
            record_count := cast(found.record_count as bigint)
        )) as facts
    from reports
    inner join found on reports.force_code = found.force_code
    union all by name
    select
        quarter,
        force_code,
        5 as part,
        extract,
        first_month,
        'note_months' as kind,
        to_json(struct_pack(is_missing := is_missing, reason := reason)) as facts
    from supply_notes
    union all by name
    select
        quarter,
        force_code,
        6 as part,
        measure_position as place,
        'note_measure' as kind,
        to_json(
            struct_pack(measure_name := measure_name, reasons := reasons)
        ) as facts
    from measure_notes
    union all by name
    select
        quarter,
        force_code,
        case kind when 'note_area' then 7 when 'note_unit' then 8 else 9 end as part,
        extract,
        subject,
        first_month,
        kind,
        facts
    from part_notes
),

numbered as (
    select
        quarter,
        force_code,
        row_number() over (
            partition by quarter, force_code
            order by part, place, extract, subject, first_month, kind
        ) as note_position,
        kind,
        facts
    from together
)

select * from numbered
