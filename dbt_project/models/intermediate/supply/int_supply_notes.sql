-- Why months of a report's charts are not available, in words: one note for each run of
-- months with one reason.

with

report_months as (
    select
        quarter,
        force_code,
        month
    from {{ ref('int_report_months') }}
),

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
    where not is_supplied
),

gaps as (
    select * from {{ ref('int_delivery_gaps') }}
),

missing_months as (
    select
        report_months.quarter,
        report_months.force_code,
        supplied_months.extract,
        supplied_months.reason_code,
        report_months.month,
        date_diff('month', date '2000-01-01', report_months.month)
        - row_number() over (
            partition by
                report_months.quarter,
                report_months.force_code,
                supplied_months.extract,
                supplied_months.reason_code
            order by report_months.month
        ) as run
    from report_months
    inner join supplied_months
        on report_months.force_code = supplied_months.force_code
        and report_months.month = supplied_months.month
),

runs as (
    select
        quarter,
        force_code,
        extract,
        reason_code,
        min(month) as first_month,
        max(month) as last_month
    from missing_months
    group by quarter, force_code, extract, reason_code, run
),

with_gaps as (
    select
        runs.*,
        min(gaps.gap_start_at) as gap_start_at,
        max(gaps.gap_end_at) as gap_end_at
    from runs
    left join gaps
        on runs.force_code = gaps.force_code
        and runs.extract = gaps.extract
        and runs.first_month <= gaps.last_month
        and runs.last_month >= gaps.first_month
    group by all
),

with_reason as (
    select
        *,
        if(
            first_month = last_month,
            strftime(first_month, '%B %Y'),
            {{ filled(wording("'quarter_months'"), {
                'first_month': "strftime(first_month, '%B %Y')",
                'last_month': "strftime(last_month, '%B %Y')",
            }) }}
        ) as months_label,
        {{ filled(wording("'supply_' || reason_code"), {
            'gap_start': "coalesce(" ~ day_label('gap_start_at') ~ ", '')",
            'gap_end': "coalesce(" ~ day_label('gap_end_at') ~ ", '')",
        }) }} as reason
    from with_gaps
),

worded as (
    select
        quarter,
        force_code,
        extract,
        reason_code,
        first_month,
        reason,
        {{ filled(wording("'supply_note'"), {
            'extract': "replace(extract, '_', ' ')",
            'months': 'months_label',
            'reason': 'reason',
        }) }} as note_text
    from with_reason
)

select * from worded
