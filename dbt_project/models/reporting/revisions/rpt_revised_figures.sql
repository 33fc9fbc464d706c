-- The counts that lead the report, if they differ from those first published for the
-- quarter.

with

publications as (
    select distinct quarter from {{ ref('fct_publications') }}
),

reports as (
    select * from {{ ref('dim_reports') }}
),

revisions as (
    select * from {{ ref('rpt_revisions') }}
    where version = 1 and value_difference <> 0
),

leading_cells as (
    select * from {{ ref('rpt_cells') }}
    where
        table_name in ('delivery_progress', 'rolling_12_months')
        and number_format = 'count'
),

tables as (
    select * from {{ ref('rpt_tables') }}
),

report_columns as (
    select * from {{ ref('rpt_columns') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

revised_cells as (
    select
        leading_cells.quarter,
        leading_cells.force_code,
        leading_cells.cell_id,
        tables.table_position,
        coalesce(measures.measure_name, leading_cells.row_key) as figure_row,
        report_columns.column_heading as figure_column,
        revisions.*
    from leading_cells
    inner join revisions using (quarter, force_code, figure_id)
    inner join tables using (quarter, force_code, table_name)
    inner join report_columns using (quarter, force_code, column_name)
    left join measures on leading_cells.row_key = measures.measure_code
),

-- If nothing has changed since publication, one row says so.
listed as (
    select
        reports.quarter,
        reports.force_code,
        row_number() over (
            partition by reports.quarter, reports.force_code
            order by revised_cells.table_position, revised_cells.cell_id
        ) as row_position,
        coalesce(revised_cells.figure_row, {{ wording("'none_revised'") }})
            as figure_row,
        revised_cells.figure_column,
        cast(revised_cells.published_value as bigint) as first_published,
        cast(revised_cells.current_value as bigint) as as_known_now,
        cast(revised_cells.value_difference as bigint) as difference,
        revised_cells.late,
        revised_cells.reclassified_in,
        revised_cells.reclassified_out,
        revised_cells.transferred,
        revised_cells.cancelled,
        revised_cells.outcome_changed,
        revised_cells.restated,
        revised_cells.otherwise,
        'available' as status
    from reports
    inner join publications on reports.quarter = publications.quarter
    left join revised_cells
        on reports.quarter = revised_cells.quarter
        and reports.force_code = revised_cells.force_code
)

select * from listed
