{{ config(materialized='table') }}

with

loads as (
    select * from {{ ref('stg_register__loads') }}
    where status = 'loaded'
),

crimes as (
    select * from {{ ref('fct_crimes') }}
),

motivations as (
    select * from {{ ref('int_crime_motivations') }}
),

supplementary_counts as (
    select * from {{ ref('int_supplementary_counts') }}
),

supply_starts as (
    select * from {{ ref('supply_starts') }}
),

months as (
    select distinct
        month_start_date as month,
        month_end_date
    from {{ ref('dim_dates') }}
),

-- Extracts with keys: whole from their first month to the last that had ended when the
-- last file was extracted.
first_months as (
    select
        'crimes' as extract,
        force_code,
        min(recorded_month) as first_found_month
    from crimes
    group by all
    union all
    select
        'crime_motivations' as extract,
        force_code,
        min(month) as first_found_month
    from motivations
    group by all
    union all
    select
        extract,
        force_code,
        min(month) as first_found_month
    from supplementary_counts
    group by all
),

extracted as (
    select
        extract,
        force_code,
        max(extracted_at) as last_extracted_at
    from loads
    where month is null
    group by all
),

covered as (
    select
        extracted.extract,
        extracted.force_code,
        extracted.last_extracted_at,
        coalesce(supply_starts.first_month, first_months.first_found_month)
            as first_month
    from extracted
    inner join first_months using (extract, force_code)
    left join supply_starts using (extract, force_code)
),

by_extraction as (
    select
        covered.extract,
        covered.force_code,
        months.month,
        months.month_end_date < cast(covered.last_extracted_at as date) as is_supplied
    from covered
    inner join months
        on months.month between covered.first_month and covered.last_extracted_at
),

-- Open data: a month is whole when its file is there, and a gap stays a gap.
by_file as (
    select
        extract,
        force_code,
        month
    from loads
    where month is not null
),

file_ranges as (
    select
        extract,
        force_code,
        min(month) as first_month,
        max(month) as last_month
    from by_file
    group by all
),

by_force_month as (
    select
        file_ranges.extract,
        file_ranges.force_code,
        months.month,
        by_file.month is not null as is_supplied
    from file_ranges
    inner join months
        on months.month between file_ranges.first_month and file_ranges.last_month
    left join by_file
        on file_ranges.extract = by_file.extract
        and file_ranges.force_code = by_file.force_code
        and months.month = by_file.month
),

together as (
    select * from by_extraction
    union all
    select * from by_force_month
)

select * from together
