-- The rows to which each insight of seeds/layout/insights.csv refers, in the section of
-- their table. If a table is shown in the strands, each strand has its own rows. A
-- report of open data has one section, and in it only what is known of 12 months.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

insights as (
    select * from {{ ref('insights') }}
),

tables as (
    select * from {{ ref('rpt_tables') }}
),

items as (
    select
        *,
        bool_or(strand is not null) over (
            partition by quarter, force_code, table_name
        ) as is_by_strand
    from {{ ref('int_table_places') }}
),

places as (
    select * replace (nullif(strand, '') as strand) from items
    where not is_by_strand or strand is not null
),

table_rows as (
    select * from {{ ref('int_table_rows') }}
),

cells as (
    select * from {{ ref('rpt_cells') }}
),

figures as (
    select
        quarter,
        force_code,
        table_name,
        row_position,
        max(figure_value) filter (where column_name = 'numerator') as numerator,
        max(figure_value) filter (where column_name = 'denominator') as denominator,
        max(figure_value) filter (where column_name = 'share_pct') as share_pct,
        max(figure_value) filter (where column_name = 'lowest') as lowest,
        max(figure_value) filter (where column_name = 'highest') as highest,
        max(figure_value) filter (where column_name = 'monthly_average') as average,
        max(change_code) filter (where column_name = 'change_word') as change_code,
        max(base_first_day) filter (where column_name = 'change_word')
            as change_base_first_day,
        bool_and(is_row_available) as is_row_available
    from cells
    group by all
),

spoken_of as (
    select
        places.quarter,
        places.force_code,
        places.section_code,
        places.slot,
        places.table_name,
        tables.table_title,
        reports.quarter_label,
        reports.quarter_end_date,
        reports.previous_quarter_label,
        insights.form,
        insights.insight_position,
        insights.sentence_style,
        insights.comparison_code,
        insights.periods,
        insights.says_gaps,
        table_rows.row_key,
        table_rows.row_position,
        table_rows.measure_code,
        table_rows.measure_name,
        table_rows.unit as unit_name,
        table_rows.area_name,
        table_rows.category,
        table_rows.comparison,
        table_rows.own_period,
        table_rows.period,
        table_rows.base_period,
        coalesce(figures.is_row_available, false) as is_available,
        figures.numerator,
        figures.denominator,
        figures.share_pct,
        figures.lowest,
        figures.highest,
        figures.average,
        -- The word of a table with several changes belongs to one of them.
        if(
            figures.change_base_first_day = base_cells.first_day,
            figures.change_code,
            null
        ) as change_code,
        current_cells.figure_id,
        base_cells.figure_id as base_figure_id,
        current_cells.figure_value as value,
        base_cells.figure_value as base_value
    from places
    inner join insights on places.table_name = insights.table_name
    inner join reports
        on places.quarter = reports.quarter
        and places.force_code = reports.force_code
    inner join tables
        on places.quarter = tables.quarter
        and places.force_code = tables.force_code
        and places.table_name = tables.table_name
    inner join table_rows
        on places.quarter = table_rows.quarter
        and places.force_code = table_rows.force_code
        and places.table_name = table_rows.table_name
        and (
            not places.is_by_strand
            or places.strand is not distinct from table_rows.strand
        )
        and coalesce(insights.part, table_rows.part)
        is not distinct from table_rows.part
    left join figures
        on table_rows.quarter = figures.quarter
        and table_rows.force_code = figures.force_code
        and table_rows.table_name = figures.table_name
        and table_rows.row_position = figures.row_position
    left join cells as current_cells
        on table_rows.quarter = current_cells.quarter
        and table_rows.force_code = current_cells.force_code
        and table_rows.table_name = current_cells.table_name
        and table_rows.row_position = current_cells.row_position
        and insights.current_column = current_cells.column_name
    left join cells as base_cells
        on table_rows.quarter = base_cells.quarter
        and table_rows.force_code = base_cells.force_code
        and table_rows.table_name = base_cells.table_name
        and table_rows.row_position = base_cells.row_position
        and insights.base_column = base_cells.column_name
    where
        reports.origin <> 'open data'
        or (
            insights.comparison_code = 'previous_12_months'
            and figures.is_row_available
        )
)

select * from spoken_of
