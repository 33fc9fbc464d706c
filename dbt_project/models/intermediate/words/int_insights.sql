-- Where each insight of seeds/insights.csv is said: where its table stands. Of a table
-- that stands in the strands, the rows of no strand are spoken of in the section of the
-- other measures, where there is one.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

neighbours as (
    select * from {{ ref('int_report_neighbours') }}
),

sections as (
    select * from {{ ref('int_report_sections') }}
),

slots as (
    select * from {{ ref('report_slots') }}
),

insights as (
    select * from {{ ref('insights') }}
),

tables as (
    select * from {{ ref('rpt_tables') }}
),

items as (
    select
        quarter,
        force_code,
        item_name as table_name,
        section_code,
        slot,
        strand,
        bool_or(strand is not null) over (
            partition by quarter, force_code, item_name
        ) as is_by_strand
    from {{ ref('rpt_section_items') }}
    where item_kind = 'table'
),

without_strand as (
    select distinct
        items.quarter,
        items.force_code,
        items.table_name,
        sections.section_code,
        slots.slot,
        cast(null as varchar) as strand,
        items.is_by_strand
    from items
    inner join sections
        on items.quarter = sections.quarter
        and items.force_code = sections.force_code
        and sections.kind = 'other'
    inner join slots
        on sections.section_kind_code = slots.section_code
        and slots.holds_items
    where items.is_by_strand
),

places as (
    select * from items
    where not is_by_strand or strand is not null
    union all by name
    select * from without_strand
),

filled_in as (
    select
        places.quarter,
        places.force_code,
        places.section_code,
        places.slot,
        places.table_name,
        places.strand,
        places.is_by_strand,
        insights.* exclude (table_name, period, base_period),
        {{ filled('insights.period', {
            'period_label': period_label('reports.end_date'),
            'quarter_label': 'reports.quarter_label',
            'last_month': "strftime(reports.end_date, '%B %Y')",
        }) }} as period,
        {{ filled('insights.base_period', {
            'previous_quarter_label': 'neighbours.previous_quarter_label',
        }) }} as base_period,
        reports.quarter_label,
        neighbours.previous_quarter_label,
        tables.table_title
    from places
    inner join insights on places.table_name = insights.table_name
    inner join reports
        on places.quarter = reports.quarter
        and places.force_code = reports.force_code
    inner join neighbours
        on places.quarter = neighbours.quarter
        and places.force_code = neighbours.force_code
    inner join tables
        on places.quarter = tables.quarter
        and places.force_code = tables.force_code
        and places.table_name = tables.table_name
)

select * from filled_in
