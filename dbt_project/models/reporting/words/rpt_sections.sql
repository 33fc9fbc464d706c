with

sections as (
    select * from {{ ref('int_report_sections') }}
),

chosen as (
    select
        quarter,
        force_code,
        section_code,
        cast(section_position as integer) as section_position,
        section_number,
        section_level,
        heading,
        kind,
        strand_name as strand,
        board_page
    from sections
)

select * from chosen
