-- The number of lines that each delta has of each month before the first delta.

with

deliveries as (
    select * from {{ ref('int_deliveries') }}
    where delivery = 'delta'
),

crimes as (
    select * from {{ ref('int_accepted_crimes') }}
    where not _is_closing
),

records as (
    select distinct
        extract,
        force_code,
        month,
        lower(record_id) as line_key
    from {{ ref('int_supplementary_records') }}
    where breakdown is null
),

rows_of_keys as (
    {{ rows_of_keys('records') }}
),

first_deliveries as (
    select
        force_code,
        extract,
        cast(date_trunc('month', min(extracted_at)) as date) as first_month
    from deliveries
    group by all
),

lines as (
    select
        first_deliveries.extract,
        first_deliveries.force_code,
        cast(date_trunc('month', crimes.recorded_at) as date) as month,
        crimes._extracted_at as extracted_at
    from crimes
    inner join first_deliveries
        on crimes._force_code = first_deliveries.force_code
        and first_deliveries.extract = 'crimes'
        and crimes.recorded_at < first_deliveries.first_month
    union all
    select
        first_deliveries.extract,
        first_deliveries.force_code,
        records.month,
        rows_of_keys.extracted_at
    from records
    inner join rows_of_keys using (extract, force_code, line_key)
    inner join first_deliveries
        on records.extract = first_deliveries.extract
        and records.force_code = first_deliveries.force_code
        and records.month < first_deliveries.first_month
),

counted as (
    select
        extract,
        force_code,
        month,
        extracted_at,
        count(*) as line_count
    from lines
    group by all
)

select * from counted
