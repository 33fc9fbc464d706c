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

reports as (
    select * from {{ ref('dim_reports') }}
),

strand_measures as (
    select * from {{ ref('strand_measures') }}
),

defaults as (
    select
        quarter,
        force_code,
        max(section_code) filter (where default_for = 'tables') as table_section,
        max(section_code) filter (where section_kind = 'other') as other_section,
        bool_or(section_kind = 'strand') as has_strands
    from sections
    group by all
),

-- A strand that a report does not have, and the one in its place: the strand of the
-- report's own strategy that has most of its measures; if two have, the first.
nearest_strands as (
    select
        sections.quarter,
        sections.force_code,
        sections.section_code,
        listed.strand_code as table_section,
        row_number() over (
            partition by sections.quarter, sections.force_code, listed.strand_code
            order by count(distinct listed.measure_code) desc, sections.section_position
        ) as place
    from sections
    inner join reports
        on sections.quarter = reports.quarter
        and sections.force_code = reports.force_code
    inner join strand_measures as own
        on reports.strategy_code = own.strategy_code
        and sections.section_code = own.strand_code
    inner join strand_measures as listed
        on own.measure_code = listed.measure_code
    anti join sections as own_sections
        on sections.quarter = own_sections.quarter
        and sections.force_code = own_sections.force_code
        and listed.strand_code = own_sections.section_code
    group by
        sections.quarter,
        sections.force_code,
        sections.section_code,
        sections.section_position,
        listed.strand_code
),

in_their_place as (
    select
        tables.quarter,
        tables.force_code,
        tables.table_name,
        tables.table_position,
        nearest_strands.section_code,
        table_sections.slot,
        null as strand
    from tables
    inner join table_sections on tables.table_name = table_sections.table_name
    inner join nearest_strands
        on tables.quarter = nearest_strands.quarter
        and tables.force_code = nearest_strands.force_code
        and table_sections.section_code = nearest_strands.table_section
        and nearest_strands.place = 1
),

-- A table that is placed in `strands` is in every strand, with the strand's rows.
in_sections as (
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

placed_tables as (
    select * from in_sections
    union all by name
    select * from in_their_place
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
    where
        defaults.has_strands
        and (by_strand.is_by_strand_alone or defaults.other_section is not null)
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
