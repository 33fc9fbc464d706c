-- The counts that lead the report, where they are others than when the quarter was
-- first published.

with

publications as (
    select distinct quarter from {{ ref('fct_publications') }}
),

reports as (
    select * from {{ ref('dim_reports') }}
),

revisions as (
    select * from {{ ref('rpt_revisions') }}
    where
        version = 1
        and table_name in ('delivery_progress', 'rolling_12_months')
        and number_format = 'count'
        and difference <> 0
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

-- A published quarter of which nothing has changed says so, in a row of its own.
listed as (
    select
        reports.quarter,
        reports.force_code,
        row_number() over (
            partition by reports.quarter, reports.force_code
            order by tables.table_position, revisions.figure_id
        ) as row_position,
        coalesce(
            measures.measure_name, revisions.row_key, {{ wording("'none_revised'") }}
        ) as figure_row,
        report_columns.heading as figure_column,
        cast(revisions.published_value as bigint) as first_published,
        cast(revisions.current_value as bigint) as as_known_now,
        cast(revisions.difference as bigint) as difference,
        revisions.late,
        revisions.reclassified_in,
        revisions.reclassified_out,
        revisions.transferred,
        revisions.cancelled,
        revisions.restated,
        revisions.otherwise
    from reports
    inner join publications on reports.quarter = publications.quarter
    left join revisions
        on reports.quarter = revisions.quarter
        and reports.force_code = revisions.force_code
    left join tables
        on revisions.quarter = tables.quarter
        and revisions.force_code = tables.force_code
        and revisions.table_name = tables.table_name
    left join report_columns
        on revisions.quarter = report_columns.quarter
        and revisions.force_code = report_columns.force_code
        and revisions.column_name = report_columns.column_name
    left join measures on revisions.row_key = measures.measure_code
)

select * from listed
