-- The first and last month of each extract for each force, and its last extraction
-- time. Extracts with keys end with the last delivery that is evidence
-- (int_deliveries), open data with the last file.

with

deliveries as (
    select * from {{ ref('int_deliveries') }}
),

starts as (
    select * from {{ ref('int_supply_starts') }}
),

loads as (
    select * from {{ ref('stg_register__loads') }}
    where status = 'loaded'
),

-- Files that are not evidence count here too, so that their months are listed as
-- missing.
last_files as (
    select
        force_code,
        extract,
        max(extracted_at) as last_file_at
    from loads
    where month is null
    group by all
),

by_extraction as (
    select
        starts.force_code,
        starts.extract,
        starts.first_listed_month,
        starts.first_month,
        cast(date_trunc('month', max(deliveries.extracted_at)) as date) as last_month,
        cast(date_trunc('month', last_files.last_file_at) as date)
            as last_listed_month,
        max(deliveries.extracted_at) as last_extracted_at
    from starts
    inner join deliveries using (force_code, extract)
    inner join last_files using (force_code, extract)
    group by all
),

by_file as (
    select
        force_code,
        extract,
        min(month) as first_listed_month,
        min(month) as first_month,
        max(month) as last_month,
        max(month) as last_listed_month,
        cast(null as timestamp) as last_extracted_at
    from loads
    where month is not null
    group by all
),

together as (
    select * from by_extraction
    union all
    select * from by_file
)

select * from together
