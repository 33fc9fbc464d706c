-- The columns of the tables, with their headings in the quarter. A report of open data
-- has no strands, and prints no column of them.

with

reports as (
    select * from {{ ref('rpt_reports') }}
),

quarters as (
    select * from {{ ref('dim_reports') }}
),

report_columns as (
    select * from {{ ref('report_columns') }}
),

headed as (
    select
        reports.quarter,
        reports.force_code,
        report_columns.column_name,
        {{ filled('report_columns.heading', {
            'previous_period_label': 'reports.previous_period_label',
            'period_label': 'reports.period_label',
            'previous_quarter_label': 'quarters.previous_quarter_label',
            'quarter_label': 'quarters.quarter_label',
        }) }} as column_heading,
        report_columns.number_format,
        report_columns.is_in_csv and not (
            report_columns.column_name = 'strand' and quarters.origin = 'open data'
        ) as is_in_csv,
        report_columns.is_on_page and not (
            report_columns.column_name = 'strand' and quarters.origin = 'open data'
        ) as is_on_page
    from reports
    inner join quarters
        on reports.quarter = quarters.quarter
        and reports.force_code = quarters.force_code
    cross join report_columns
)

select * from headed
