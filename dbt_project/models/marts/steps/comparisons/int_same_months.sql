-- For each report of open data without all of its last 24 months: the longest run of
-- months of its last 12 that were supplied in both years. These are compared, and not
-- 12 months. A run that began earlier counts its earlier months too, up to 12, so that
-- its length depends on its end alone and is the same in every report.

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

paired_months as (
    select
        supplied_months.force_code,
        supplied_months.month,
        row_number() over (
            partition by supplied_months.force_code
            order by supplied_months.month
        ) as place
    from supplied_months
    inner join supplied_months as a_year_before
        on supplied_months.force_code = a_year_before.force_code
        and supplied_months.month - interval 12 month = a_year_before.month
),

-- Months without a gap have the same distance to their places.
in_runs as (
    select
        force_code,
        month,
        row_number() over (
            partition by force_code, month - to_months(cast(place as integer))
            order by month
        ) as months_of_run
    from paired_months
),

within_reports as (
    select
        reports.force_code,
        reports.quarter_end_date,
        last_day(in_runs.month) as period_end,
        least(in_runs.months_of_run, 12) as month_count
    from reports
    inner join in_runs
        on reports.force_code = in_runs.force_code
        and in_runs.month
        between reports.quarter_end_date - interval 12 month
        and reports.quarter_end_date
),

longest_first as (
    select
        *,
        row_number() over (
            partition by force_code, quarter_end_date
            order by month_count desc, period_end desc
        ) as run_place
    from within_reports
),

longest as (
    select
        force_code,
        quarter_end_date,
        period_end,
        month_count
    from longest_first
    where
        run_place = 1
        and not (month_count = 12 and period_end = quarter_end_date)
)

select * from longest
