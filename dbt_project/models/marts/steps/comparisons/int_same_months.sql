-- For each report of open data without all of its last 24 months: how many months, up
-- to its end, were supplied in both years. These are compared, and not 12 months.

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
        supplied_months.month
    from supplied_months
    inner join supplied_months as a_year_before
        on supplied_months.force_code = a_year_before.force_code
        and supplied_months.month - interval 12 month = a_year_before.month
),

before_end as (
    select
        reports.force_code,
        reports.quarter_end_date as period_end,
        date_diff('month', paired_months.month, reports.quarter_end_date)
            as months_before,
        row_number() over (
            partition by reports.force_code, reports.quarter_end_date
            order by paired_months.month desc
        ) - 1 as place
    from reports
    inner join paired_months
        on reports.force_code = paired_months.force_code
        and reports.quarter_end_date >= paired_months.month
),

-- Consecutive months that end with the quarter.
lengths as (
    select
        force_code,
        period_end,
        count(*) as month_count
    from before_end
    where months_before = place
    group by all
    having count(*) < 12
)

select * from lengths
