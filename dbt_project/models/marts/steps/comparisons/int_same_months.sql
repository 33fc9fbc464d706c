-- For each report of open data without all of its last 24 months: the longest run of
-- months of its last 12 that were supplied in both years. These are compared, and not
-- 12 months.

with

reports as (
    select * from {{ ref('dim_reports') }}
    where origin = 'open data'
),

supplied_months as (
    select
        force_code,
        month
    from {{ ref('int_supplied_months') }}
    where extract = 'police_uk_street' and is_supplied
),

-- Months without a gap have the same distance to their places.
paired_months as (
    select
        reports.force_code,
        reports.quarter_end_date,
        supplied_months.month,
        supplied_months.month - to_months(cast(row_number() over (
            partition by reports.force_code, reports.quarter_end_date
            order by supplied_months.month
        ) as integer)) as run
    from reports
    inner join supplied_months
        on reports.force_code = supplied_months.force_code
        and supplied_months.month
        between reports.quarter_end_date - interval 12 month
        and reports.quarter_end_date
    inner join supplied_months as a_year_before
        on supplied_months.force_code = a_year_before.force_code
        and supplied_months.month - interval 12 month = a_year_before.month
),

runs as (
    select
        force_code,
        quarter_end_date,
        last_day(max(month)) as period_end,
        count(*) as month_count,
        row_number() over (
            partition by force_code, quarter_end_date
            order by count(*) desc, max(month) desc
        ) as run_place
    from paired_months
    group by force_code, quarter_end_date, run
),

longest as (
    select
        force_code,
        quarter_end_date,
        period_end,
        month_count
    from runs
    where run_place = 1 and month_count < 12
)

select * from longest
