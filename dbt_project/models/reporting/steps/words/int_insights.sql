-- Where each insight of seeds/layout/insights.csv is said: where its table stands, and
-- of a table that stands in the strands, where each strand's own rows do.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

neighbours as (
    select * from {{ ref('int_report_neighbours') }}
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

places as (
    select * replace (nullif(strand, '') as strand) from items
    where not is_by_strand or strand is not null
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
        insights.insight_position,
        insights.form,
        insights.sentence_style,
        insights.subject_name,
        insights.current_column,
        insights.base_column,
        insights.comparison_code,
        insights.part,
        insights.says_gaps,
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
