with

reports as (
    select * from {{ ref('dim_reports') }}
),

origin_wordings as (
    select * from {{ ref('wordings') }}
),

missing_deliveries as (
    select
        quarter,
        force_code,
        cut_off_date,
        string_agg(missing_text, '; ' order by extract) as items
    from {{ ref('rpt_missing_deliveries') }}
    group by all
),

worded as (
    select
        reports.quarter,
        reports.force_code,
        reports.force_name,
        {{ filled('titles.wording', {
            'strategy_name': 'reports.strategy_name',
            'force_name': 'reports.force_name',
            'quarter_label': 'reports.quarter_label',
        }) }} as report_title,
        reports.strategy_name,
        reports.quarter_label,
        {{ filled(wording("'quarter_months'"), {
            'first_month': "strftime(reports.start_date, '%B')",
            'last_month': "strftime(reports.end_date, '%B %Y')",
        }) }} as quarter_months_label,
        {{ filled(wording("'period'"), {
            'month': "strftime(reports.end_date, '%B %Y')",
        }) }} as period_label,
        {{ filled(wording("'period'"), {
            'month': "strftime(reports.end_date - interval 12 month, '%B %Y')",
        }) }} as previous_period_label,
        {{ wording("'protective_marking'") }} as protective_marking,
        reports.origin,
        {{ filled('origins.wording', {
            'force_name': 'reports.force_name',
        }) }} as origin_text,
        reports.latest_extracted_at,
        reports.plan_as_at_date,
        {{ filled(wording("'missing_deliveries'"), {
            'cut_off_date': day_label('missing_deliveries.cut_off_date'),
            'items': 'missing_deliveries.items',
        }) }} as missing_deliveries
    from reports
    left join missing_deliveries
        on reports.quarter = missing_deliveries.quarter
        and reports.force_code = missing_deliveries.force_code
    inner join origin_wordings as titles
        on titles.wording_code = 'report_title_' || replace(reports.origin, ' ', '_')
    inner join origin_wordings as origins
        on origins.wording_code = 'origin_' || replace(reports.origin, ' ', '_')
)

select * from worded
