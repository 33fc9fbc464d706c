-- The section of each table. A table without a section in this report goes to the
-- default section of tables, so that nothing is left out.

with

sections as (
    select * from {{ ref('rpt_sections') }}
),

slots as (
    select * from {{ ref('report_slots') }}
),

tables as (
    select * from {{ ref('rpt_tables') }}
),

table_sections as (
    select * from {{ ref('table_sections') }}
),

defaults as (
    select
        quarter,
        force_code,
        max(section_code) filter (where default_for = 'tables') as table_section,
        max(section_code) filter (where section_kind = 'other') as other_section
    from sections
    group by all
),

-- A table that is placed in `strands` is in every strand, with the strand's rows.
placed_tables as (
    select
        tables.quarter,
        tables.force_code,
        tables.table_name,
        tables.table_position,
        sections.section_code,
        table_sections.slot,
        if(
            table_sections.section_code <> sections.section_code,
            sections.strand,
            null
        ) as strand
    from tables
    inner join table_sections on tables.table_name = table_sections.table_name
    inner join sections
        on tables.quarter = sections.quarter
        and tables.force_code = sections.force_code
        and table_sections.section_code
        in (sections.section_code, sections.section_kind_code)
),

-- Rows without a strand go to the section of other measures if there is one; otherwise
-- to the default section of the table, unless the table is also placed elsewhere.
by_strand as (
    select
        table_name,
        bool_and(section_code = 'strands') as is_by_strand_alone
    from table_sections
    group by all
    having bool_or(section_code = 'strands')
),

without_strand as (
    select
        tables.quarter,
        tables.force_code,
        tables.table_name,
        tables.table_position,
        coalesce(defaults.other_section, defaults.table_section) as section_code
    from tables
    inner join by_strand on tables.table_name = by_strand.table_name
    inner join defaults
        on tables.quarter = defaults.quarter
        and tables.force_code = defaults.force_code
    where by_strand.is_by_strand_alone or defaults.other_section is not null
),

places as (
    select
        tables.quarter,
        tables.force_code,
        tables.table_name,
        tables.table_position,
        coalesce(placed_tables.section_code, defaults.table_section) as section_code,
        placed_tables.slot,
        placed_tables.strand
    from tables
    inner join defaults
        on tables.quarter = defaults.quarter
        and tables.force_code = defaults.force_code
    left join placed_tables
        on tables.quarter = placed_tables.quarter
        and tables.force_code = placed_tables.force_code
        and tables.table_name = placed_tables.table_name
    union all by name
    select
        *,
        '' as strand
    from without_strand
),

in_slots as (
    select places.* replace (coalesce(places.slot, slots.slot) as slot)
    from places
    inner join sections
        on places.quarter = sections.quarter
        and places.force_code = sections.force_code
        and places.section_code = sections.section_code
    inner join slots
        on sections.section_kind_code = slots.section_code
        and slots.holds_items
)

select * from in_slots
