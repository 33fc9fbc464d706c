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

strands as (
    select * from {{ ref('dim_strands') }}
),

strand_measures as (
    select * from {{ ref('strand_measures') }}
),

report_sections as (
    select * from {{ ref('report_sections') }}
),

table_sections as (
    select * from {{ ref('table_sections') }}
),

table_measures as (
    select * from {{ ref('table_measures') }}
),

table_columns as (
    select * from {{ ref('table_columns') }}
),

column_figures as (
    select * from {{ ref('column_figures') }}
),

-- Tables that are placed in strands alone. All others belong to every report.
strand_tables as (
    select
        table_sections.table_name,
        list(table_sections.section_code) as strand_codes
    from table_sections
    left join report_sections using (section_code)
    group by table_sections.table_name
    having count(report_sections.section_code) = 0
),

measures_of_tables as (
    select
        table_name,
        measure_code
    from table_measures
    union
    select
        table_name,
        measure_code
    from table_details
    where measure_code is not null
    union
    select
        table_columns.table_name,
        column_figures.measure_code
    from table_columns
    inner join column_figures
        on table_columns.column_name = column_figures.column_name
        and coalesce(column_figures.table_name, table_columns.table_name)
        = table_columns.table_name
    where column_figures.measure_code is not null
),

measures_of_reports as (
    select distinct
        quarters.quarter,
        quarters.force_code,
        strand_measures.measure_code
    from quarters
    inner join strand_measures using (strategy_code)
),

-- A report's own strands, and those with which they have a measure in common: the
-- tables of these are in the own strand (int_table_places).
known_strands as (
    select
        quarters.quarter,
        quarters.force_code,
        strands.strand_code
    from quarters
    inner join strands using (strategy_code)
    union
    select
        measures_of_reports.quarter,
        measures_of_reports.force_code,
        strand_measures.strand_code
    from measures_of_reports
    inner join strand_measures using (measure_code)
),

-- Tables of strands that a report's strategy lacks, without a measure of its own
-- strands.
tables_of_other_strategies as (
    select
        quarters.quarter,
        quarters.force_code,
        strand_tables.table_name
    from quarters
    cross join strand_tables
    left join known_strands
        on quarters.quarter = known_strands.quarter
        and quarters.force_code = known_strands.force_code
        and list_contains(strand_tables.strand_codes, known_strands.strand_code)
    left join measures_of_tables
        on strand_tables.table_name = measures_of_tables.table_name
    left join measures_of_reports
        on quarters.quarter = measures_of_reports.quarter
        and quarters.force_code = measures_of_reports.force_code
        and measures_of_tables.measure_code = measures_of_reports.measure_code
    where quarters.strategy_code is not null
    group by quarters.quarter, quarters.force_code, strand_tables.table_name
    having
        count(known_strands.strand_code) = 0
        and count(measures_of_reports.measure_code) = 0
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
        {{ filled(wording("'quarter_months'"), {
            'first_month': "strftime(min(month), '%B %Y')",
            'last_month': "strftime(max(month), '%B %Y')",
        }) }} as window_label
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
            'next_quarter_months': filled(wording("'quarter_months'"), {
                'first_month': "strftime(quarters.next_start_date, '%B')",
                'last_month': "strftime(quarters.next_end_date, '%B %Y')",
            }),
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
    anti join tables_of_other_strategies
        on reports.quarter = tables_of_other_strategies.quarter
        and reports.force_code = tables_of_other_strategies.force_code
        and report_tables.table_name = tables_of_other_strategies.table_name
    -- Without the extract, the table is left out altogether.
    where
        (extracts.extract is null or delivered.force_code is not null)
        -- Without a publication there are no revisions.
        and (
            report_tables.table_name <> 'revised_figures'
            or publications.quarter is not null
        )
)

select * from titled
