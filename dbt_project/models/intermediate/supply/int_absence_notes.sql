-- What is not available in each report and why, in the order of the notes: months come
-- first, then measures.

with

supply_notes as (
    select * from {{ ref('int_supply_notes') }}
),

measure_notes as (
    select * from {{ ref('int_measure_notes') }}
),

together as (
    select
        quarter,
        force_code,
        0 as measure_position,
        extract,
        first_month,
        reason_code,
        note_text
    from supply_notes
    union all by name
    select
        quarter,
        force_code,
        measure_position,
        {{ filled(wording("'unavailable_note'"), {
            'measure_name': 'measure_name',
            'reason': 'reason',
        }) }} as note_text
    from measure_notes
),

numbered as (
    select
        quarter,
        force_code,
        row_number() over (
            partition by quarter, force_code
            order by measure_position, extract, first_month, reason_code
        ) as note_position,
        note_text
    from together
)

select * from numbered
