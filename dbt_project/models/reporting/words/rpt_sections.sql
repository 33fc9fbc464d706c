-- The sections of a report. Their numbers follow from their order, so a strategy with
-- more strands does not need other seeds to be renumbered. A report of open data has
-- sections of its own, without strands.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

strands as (
    select * from {{ ref('dim_strands') }}
),

report_measures as (
    select * from {{ ref('int_report_measures') }}
    where is_reported
),

sections as (
    select * from {{ ref('report_sections') }}
),

without_strand as (
    select distinct
        quarter,
        force_code
    from report_measures
    where strand_code is null
),

expanded as (
    select
        reports.quarter,
        reports.force_code,
        coalesce(strands.strand_code, sections.section_code) as section_code,
        sections.section_code as section_kind_code,
        sections.parent_code,
        coalesce(
            {{ filled('sections.heading', {'strand_name': 'strands.strand_name'}) }},
            sections.heading
        ) as heading,
        sections.kind,
        sections.default_for,
        sections.board_page,
        strands.strand_name,
        sections.section_position as order_1,
        coalesce(strands.strand_position, 0) as order_2
    from reports
    cross join sections
    left join strands
        on reports.strategy_code = strands.strategy_code
        and sections.kind = 'strand'
    left join without_strand
        on reports.quarter = without_strand.quarter
        and reports.force_code = without_strand.force_code
    where
        (
            sections.kind = 'appendix'
            or (sections.kind = 'open_data') = (reports.origin = 'open data')
        )
        and (sections.kind <> 'strand' or strands.strand_code is not null)
        and (sections.kind <> 'other' or without_strand.quarter is not null)
),

counted as (
    select
        *,
        row_number() over (
            partition by quarter, force_code order by order_1, order_2
        ) as section_position,
        row_number() over (
            partition by
                quarter,
                force_code,
                parent_code,
                kind in ('front', 'open_data', 'appendix')
            order by order_1, order_2
        ) as place
    from expanded
),

numbered as (
    select
        sections.*,
        case
            when sections.kind in ('front', 'open_data', 'appendix') then ''
            when parents.place is null then sections.place || '.0'
            else parents.place || '.' || sections.place
        end as section_number,
        if(parents.place is null, 1, 2) as section_level
    from counted as sections
    left join counted as parents
        on sections.quarter = parents.quarter
        and sections.force_code = parents.force_code
        and sections.parent_code = parents.section_code
),

chosen as (
    select
        quarter,
        force_code,
        section_code,
        cast(section_position as integer) as section_position,
        section_number,
        section_level,
        heading as section_heading,
        kind as section_kind,
        strand_name as strand,
        board_page,
        section_kind_code,
        default_for
    from numbered
)

select * from chosen
