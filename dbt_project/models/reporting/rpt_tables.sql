with

reports as (
    select * from {{ ref('rpt_reports') }}
),

windows as (
    select * from {{ ref('int_report_months') }}
),

quarters as (
    select * from {{ ref('dim_reports') }}
),

report_tables as (
    select * from {{ ref('report_tables') }}
),

own_tables as (
    select * from {{ ref('int_report_tables') }}
),

table_windows as (
    select * from {{ ref('int_table_windows') }}
),

table_details as (
    select * from {{ ref('table_details') }}
),

publications as (
    select distinct quarter from {{ ref('fct_publications') }}
),

extracts as (
    select * from {{ ref('extracts') }}
),

-- Whether a force delivers its own extracts or open data. Each kind has tables that the
-- other cannot have.
delivered as (
    select distinct
        fct_loads.force_code,
        not extracts.is_required as is_open_data
    from {{ ref('fct_loads') }} as fct_loads
    inner join extracts on fct_loads.extract = extracts.extract
    where extracts.is_required or extracts.delivery = 'force_month'
),

window_labels as (
    select
        quarter,
        force_code,
        {{ months_label('min(month)', 'max(month)', first='%B %Y') }} as window_label
    from windows
    group by all
),

titled as (
    select
        reports.quarter,
        reports.force_code,
        report_tables.table_name,
        report_tables.table_position,
        {{ filled('report_tables.table_title', {
            'period_label': 'reports.period_label',
            'window_label': 'window_labels.window_label',
            'own_window_label': "coalesce(table_windows.own_window_label, '')",
            'quarter_label': 'reports.quarter_label',
            'plan_as_at': "coalesce(" ~ filled(wording("'plan_as_at'"), {
                'plan_date':
                    "strftime(reports.plan_as_at_date, '%-d %B %Y')",
            }) ~ ", '')",
            'quarter_label': 'reports.quarter_label',
            'previous_quarter_label': 'quarters.previous_quarter_label',
            'quarter_months': 'reports.quarter_months_label',
            'next_quarter_months': months_label(
                'quarters.next_start_date', 'quarters.next_end_date'
            ),
        }) }} as table_title,
        report_tables.table_description,
        report_tables.disclosure_policy,
        report_tables.wide_by
    from reports
    inner join own_tables using (quarter, force_code)
    inner join report_tables on own_tables.table_name = report_tables.table_name
    inner join window_labels using (quarter, force_code)
    inner join quarters using (quarter, force_code)
    left join table_windows
        on reports.quarter = table_windows.quarter
        and reports.force_code = table_windows.force_code
        and report_tables.table_name = table_windows.table_name
    left join table_details on report_tables.table_name = table_details.table_name
    left join extracts on table_details.extract = extracts.extract
    left join delivered
        on reports.force_code = delivered.force_code
        and (extracts.delivery = 'force_month') = delivered.is_open_data
    left join publications on reports.quarter = publications.quarter
    -- Without the extract, or without a window if it has its own, the table is left out
    -- altogether.
    where
        (extracts.extract is null or delivered.force_code is not null)
        and (table_details.month_count is null or table_windows.table_name is not null)
        -- Without a publication there are no revisions.
        and (
            report_tables.table_name <> 'revised_figures'
            or publications.quarter is not null
        )
)

select * from titled
