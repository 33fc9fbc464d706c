-- The parts of each section, and the heading under which its author writes.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

sections as (
    select * from {{ ref('rpt_sections') }}
),

slots as (
    select * from {{ ref('report_slots') }}
),

headed as (
    select
        sections.quarter,
        sections.force_code,
        sections.section_code,
        sections.section_position,
        slots.slot,
        slots.slot_position,
        {{ filled('slots.slot_heading', {
            'quarter_months': months_label(
                'reports.quarter_start_date', 'reports.quarter_end_date'
            ),
            'next_quarter_months': months_label(
                "reports.quarter_start_date + interval 3 month",
                "reports.quarter_start_date + interval 5 month",
            ),
        }) }} as slot_heading,
        sections.section_number,
        sections.section_heading as heading,
        slots.is_authored,
        slots.placeholder
    from sections
    inner join reports
        on sections.quarter = reports.quarter
        and sections.force_code = reports.force_code
    inner join slots on sections.section_kind_code = slots.section_code
),

numbered as (
    select
        quarter,
        force_code,
        section_code,
        slot,
        cast(
            row_number() over (
                partition by quarter, force_code
                order by section_position, slot_position
            ) as integer
        ) as slot_position,
        slot_heading,
        case
            when is_authored
                then trim(section_number || ' ' || coalesce(slot_heading, heading))
        end as author_heading,
        placeholder
    from headed
)

select * from numbered
