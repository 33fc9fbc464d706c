-- Named on the report's first page: what its cut-off expected and did not get.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

missing_deliveries as (
    select * from {{ ref('int_missing_deliveries') }}
),

counted as (
    select
        reports.quarter,
        reports.force_code,
        missing_deliveries.extract,
        count(*) as missing_count,
        min(missing_deliveries.expected_date) as first_expected_date,
        max(missing_deliveries.expected_date) as last_expected_date,
        max(missing_deliveries.delivered_date) as last_delivered_date,
        missing_deliveries.cut_off_date
    from reports
    inner join missing_deliveries using (quarter, force_code)
    group by all
),

worded as (
    select
        quarter,
        force_code,
        extract,
        {{ filled(
            wording("'missing_delivery_' || " ~ grammatical_number('missing_count')),
            {
                'extract': "replace(extract, '_', ' ')",
                'count': with_commas('missing_count'),
                'first_date': day_label('first_expected_date'),
                'last_date': day_label('last_expected_date'),
            }
        ) }} as missing_text,
        missing_count,
        first_expected_date,
        last_expected_date,
        last_delivered_date,
        cut_off_date
    from counted
)

select * from worded
