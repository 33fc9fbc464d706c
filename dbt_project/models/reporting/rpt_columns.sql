with

reports as (
    select * from {{ ref('rpt_reports') }}
),

neighbours as (
    select * from {{ ref('int_report_neighbours') }}
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
            'previous_quarter_label': 'neighbours.previous_quarter_label',
            'quarter_label': 'neighbours.quarter_label',
        }) }} as heading,
        report_columns.number_format,
        report_columns.is_in_csv,
        report_columns.is_on_page
    from reports
    inner join neighbours
        on reports.quarter = neighbours.quarter
        and reports.force_code = neighbours.force_code
    cross join report_columns
)

select * from headed
