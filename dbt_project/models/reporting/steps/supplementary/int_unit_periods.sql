-- The months for which each unit reports in each quarter, and whether its results of
-- all of them, and of the same months a year before, are known.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

result_periods as (
    select * from {{ ref('result_periods') }}
),

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
    where extract = 'operational_results' and is_supplied
),

silent_units as (
    select * from {{ ref('int_silent_units') }}
),

periods as (
    select
        reports.quarter,
        reports.force_code,
        result_periods.unit_name,
        result_periods.month_count,
        cast(
            date_trunc('month', reports.end_date)
            - to_months(result_periods.month_count - 1) as date
        ) as first_month,
        cast(date_trunc('month', reports.end_date) as date) as last_month
    from reports
    cross join result_periods
),

unit_months as (
    select
        supplied_months.force_code,
        result_periods.unit_name,
        supplied_months.month
    from supplied_months
    cross join result_periods
    anti join silent_units
        on supplied_months.force_code = silent_units.force_code
        and result_periods.unit_name = silent_units.unit_name
        and supplied_months.month = silent_units.month
),

known as (
    select
        periods.*,
        count(*) filter (
            where unit_months.month between periods.first_month and periods.last_month
        ) as known_count,
        count(*) filter (
            where unit_months.month
            between periods.first_month - interval 12 month
            and periods.last_month - interval 12 month
        ) as known_count_before
    from periods
    left join unit_months using (force_code, unit_name)
    group by all
),

covered as (
    select
        quarter,
        force_code,
        unit_name,
        first_month,
        last_month,
        known_count = month_count as is_covered,
        known_count_before = month_count as is_covered_before
    from known
)

select * from covered
