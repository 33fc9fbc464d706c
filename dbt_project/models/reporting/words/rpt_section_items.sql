-- The section of each table and chart. A chart without a section in this report goes to
-- the default section of charts, so that nothing is left out.

with

sections as (
    select * from {{ ref('rpt_sections') }}
),

slots as (
    select * from {{ ref('report_slots') }}
),

places as (
    select * from {{ ref('int_table_places') }}
),

charts as (
    select * from {{ ref('rpt_charts') }}
),

defaults as (
    select
        quarter,
        force_code,
        coalesce(
            max(section_code) filter (where default_for = 'charts'),
            max(section_code) filter (where default_for = 'tables')
        ) as chart_section
    from sections
    group by all
),

placed_charts as (
    select
        charts.quarter,
        charts.force_code,
        coalesce(sections.section_code, defaults.chart_section) as section_code,
        charts.chart_name,
        charts.chart_position
    from charts
    inner join defaults
        on charts.quarter = defaults.quarter
        and charts.force_code = defaults.force_code
    left join sections
        on charts.quarter = sections.quarter
        and charts.force_code = sections.force_code
        and charts.strand = sections.strand
),

items as (
    select
        quarter,
        force_code,
        section_code,
        slot,
        'table' as item_kind,
        table_name as item_name,
        table_position as item_order,
        strand
    from places
    union all
    select
        quarter,
        force_code,
        section_code,
        null as slot,
        'chart' as item_kind,
        chart_name as item_name,
        100000 + chart_position as item_order,
        null as strand
    from placed_charts
),

in_slots as (
    select
        items.quarter,
        items.force_code,
        items.section_code,
        coalesce(items.slot, slots.slot) as slot,
        items.item_kind,
        items.item_name,
        cast(
            row_number() over (
                partition by items.quarter, items.force_code
                order by sections.section_position, items.item_order
            ) as integer
        ) as item_position,
        items.strand as shown_strand
    from items
    inner join sections
        on items.quarter = sections.quarter
        and items.force_code = sections.force_code
        and items.section_code = sections.section_code
    inner join slots
        on sections.section_kind_code = slots.section_code
        and slots.holds_items
)

select * from in_slots
