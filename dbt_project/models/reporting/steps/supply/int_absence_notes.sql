-- What is not available in each report and why, in the order of the notes: months come
-- first, then measures, districts, units and breakdowns.

with

supply_notes as (
    select * from {{ ref('int_supply_notes') }}
),

measure_notes as (
    select * from {{ ref('int_measure_notes') }}
),

area_notes as (
    select * from {{ ref('int_area_notes') }}
),

unit_notes as (
    select * from {{ ref('int_unit_notes') }}
),

breakdown_notes as (
    select * from {{ ref('int_breakdown_notes') }}
),

together as (
    select
        quarter,
        force_code,
        1 as part,
        extract,
        first_month,
        reason_code,
        'note' as kind,
        to_json(struct_pack(text := note_text)) as facts
    from supply_notes
    union all by name
    select
        quarter,
        force_code,
        2 as part,
        measure_position,
        'note_measure' as kind,
        to_json(struct_pack(measure_name := measure_name, reason := reason)) as facts
    from measure_notes
    union all by name
    select
        quarter,
        force_code,
        3 as part,
        extract,
        district_name,
        kind,
        facts
    from area_notes
    union all by name
    select
        quarter,
        force_code,
        4 as part,
        unit_name,
        first_month,
        kind,
        facts
    from unit_notes
    union all by name
    select
        quarter,
        force_code,
        5 as part,
        extract,
        breakdown,
        reason_code,
        kind,
        facts
    from breakdown_notes
),

numbered as (
    select
        quarter,
        force_code,
        row_number() over (
            partition by quarter, force_code
            order by
                part,
                measure_position,
                extract,
                unit_name,
                breakdown,
                first_month,
                reason_code,
                district_name
        ) as note_position,
        kind,
        facts
    from together
)

select * from numbered
