{{ config(materialized='table') }}

-- Months of which deltas only have updates: months before the first delta of which no
-- single delivery, such as a history file, has half of the lines. Without a history
-- file, the first delta contains only the lines since one cadence before it, so the
-- first delta's own month may be incomplete too.

with

deliveries as (
    select * from {{ ref('int_deliveries') }}
    where delivery = 'delta'
),

delivered_months as (
    select * from {{ ref('int_delivered_months') }}
),

early_lines as (
    select * from {{ ref('int_early_lines') }}
),

first_deliveries as (
    select
        force_code,
        extract,
        cast(date_trunc('month', min(extracted_at)) as date) as first_month,
        cast(min(extracted_at) as date) - any_value(cadence_days) as covered_from_date
    from deliveries
    group by all
),

largest as (
    select
        extract,
        force_code,
        month,
        max(line_count) as line_count
    from early_lines
    group by all
),

before_first as (
    select
        largest.force_code,
        largest.extract,
        largest.month,
        first_deliveries.first_month,
        first_deliveries.covered_from_date
    from largest
    inner join first_deliveries using (force_code, extract)
    inner join delivered_months using (force_code, extract, month)
    where
        largest.line_count
        < delivered_months.record_count * {{ supply_rule('history_share') }}
),

in_part as (
    select
        force_code,
        extract,
        month
    from before_first
    union all
    select
        force_code,
        extract,
        first_month as month
    from before_first
    where
        month = first_month - interval 1 month
        and first_month < covered_from_date
)

select * from in_part
