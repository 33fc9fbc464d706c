-- One row for each report. If it has a cut-off, it says by which day its missing
-- deliveries were expected. Every report says which months between two deliveries are
-- missing.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

public_versions as (
    select * from {{ ref('public_version') }}
),

plan_dates as (
    select * from {{ ref('int_plan_dates') }}
),

with_something_missing as (
    select
        quarter,
        force_code,
        extract
    from {{ ref('rpt_missing_deliveries') }}
    union
    select
        quarter,
        force_code,
        extract
    from {{ ref('int_supply_notes') }}
    where is_missing
),

missing_extracts as (
    select
        quarter,
        force_code,
        list(extract order by extract) as extracts
    from with_something_missing
    group by all
),

described as (
    select
        reports.quarter,
        reports.force_code,
        reports.force_name,
        reports.strategy_name,
        reports.quarter_label,
        {{ months_label('reports.quarter_start_date', 'reports.quarter_end_date') }}
            as quarter_months_label,
        {{ filled(wording("'period'"), {
            'month': "strftime(reports.quarter_end_date, '%B %Y')",
        }) }} as period_label,
        {{ filled(wording("'period'"), {
            'month': "strftime(reports.quarter_end_date - interval 12 month, '%B %Y')",
        }) }} as previous_period_label,
        {{ wording("'protective_marking'") }} as protective_marking,
        public_versions.public_marking,
        reports.origin,
        reports.latest_extracted_at,
        reports.plan_as_at_date,
        plan_dates.held_plan_date,
        coalesce(missing_extracts.extracts, []) as missing_extracts
    from reports
    left join public_versions on reports.force_code = public_versions.force_code
    left join plan_dates
        on reports.quarter = plan_dates.quarter
        and reports.force_code = plan_dates.force_code
    left join missing_extracts
        on reports.quarter = missing_extracts.quarter
        and reports.force_code = missing_extracts.force_code
)

select * from described
