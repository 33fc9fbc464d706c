with

reports as (
    select * from {{ ref('dim_reports') }}
),

notes as (
    select * from {{ ref('notes') }}
),

chosen as (
    select
        reports.quarter,
        reports.force_code,
        row_number() over (
            partition by reports.quarter, reports.force_code
            order by notes.note_position
        ) as note_position,
        notes.note_text
    from reports
    inner join notes on coalesce(notes.origin, reports.origin) = reports.origin
)

select * from chosen
