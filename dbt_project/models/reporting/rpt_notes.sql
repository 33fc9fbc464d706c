-- The notes of seeds/layout/notes.csv, and what the data have to say of themselves:
-- records that count as they stood before a line that is held, values that no list
-- knows, and what is not available.

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

wordings as (
    select * from {{ ref('wordings') }}
),

as_before as (
    select
        loads.force_code,
        quarantined_lines.extract as about,
        'note_as_before' as wording_code,
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
            as wording_code,
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

worded as (
    select
        found.force_code,
        found.wording_code,
        found.about,
        {{ filled('wordings.wording', {
            'count': with_commas('found.record_count'),
            'about': 'found.about',
        }) }} as note_text
    from found
    inner join wordings
        on wordings.wording_code
        = found.wording_code || if(found.record_count = 1, '_one', '_many')
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
        notes.note_text
    from reports
    inner join notes on coalesce(notes.origin, reports.origin) = reports.origin
    union all
    select
        reports.quarter,
        reports.force_code,
        2 as part,
        row_number() over (
            partition by reports.quarter, reports.force_code
            order by worded.wording_code, worded.about
        ) as note_position,
        worded.note_text
    from reports
    inner join worded on reports.force_code = worded.force_code
    union all
    select
        quarter,
        force_code,
        3 as part,
        note_position,
        note_text
    from absence_notes
),

numbered as (
    select
        quarter,
        force_code,
        row_number() over (
            partition by quarter, force_code order by part, note_position
        ) as note_position,
        note_text
    from together
)

select * from numbered
