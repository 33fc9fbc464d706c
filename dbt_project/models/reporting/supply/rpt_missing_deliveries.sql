-- The extracts to name on the report's first page: how many expected deliveries had not
-- arrived at its cut-off, and how many of these are on hold.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

missing_deliveries as (
    select * from {{ ref('int_missing_deliveries') }}
),

held_deliveries as (
    select distinct
        force_code,
        extract,
        cast(extracted_at as date) as held_date
    from {{ ref('fct_loads') }}
    where status = 'held'
),

counted as (
    select
        reports.quarter,
        reports.force_code,
        missing_deliveries.extract,
        count(*) as missing_count,
        min(missing_deliveries.expected_date) as first_expected_date,
        max(missing_deliveries.expected_date) as last_expected_date,
        min(missing_deliveries.delivered_date) as first_delivered_date,
        max(missing_deliveries.delivered_date) as last_delivered_date,
        missing_deliveries.cut_off_date
    from reports
    inner join missing_deliveries using (quarter, force_code)
    group by all
),

with_held as (
    select
        counted.*,
        count(held_deliveries.held_date) as held_count,
        min(held_deliveries.held_date) as first_held_date,
        max(held_deliveries.held_date) as last_held_date
    from counted
    left join held_deliveries
        on counted.force_code = held_deliveries.force_code
        and counted.extract = held_deliveries.extract
        and held_deliveries.held_date
        between counted.first_delivered_date and counted.cut_off_date
    group by all
),

chosen as (
    select
        quarter,
        force_code,
        extract,
        missing_count,
        first_expected_date,
        last_expected_date,
        last_delivered_date,
        cut_off_date,
        held_count,
        first_held_date,
        last_held_date
    from with_held
)

select * from chosen
