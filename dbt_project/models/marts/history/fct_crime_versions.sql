{{ config(materialized='view') }}

-- A view: the current versions are in fct_crimes, and once more they would take half of
-- the published file.

with

past_versions as (
    select * from {{ ref('fct_past_crime_versions') }}
),

crimes as (
    select * from {{ ref('fct_crimes') }}
),

changed as (
    select
        force_code,
        crime_id,
        max(version_number) as last_number,
        min(valid_from) as first_known_at
    from past_versions
    group by all
),

current_versions as (
    select
        crimes.*,
        coalesce(changed.last_number, 0) + 1 as version_number,
        true as is_current,
        crimes.extracted_at as valid_from,
        cast(null as timestamp) as valid_to,
        coalesce(changed.first_known_at, crimes.extracted_at)
            as first_known_at
    from crimes
    left join changed
        on crimes.force_code = changed.force_code
        and crimes.crime_id = changed.crime_id
    -- A crime that a full extract lacks has past versions alone.
    anti join past_versions
        on crimes.load_id = past_versions.load_id and crimes.line = past_versions.line
),

versions as (
    select * from current_versions
    union all by name
    select
        past_versions.*,
        false as is_current,
        changed.first_known_at
    from past_versions
    inner join changed
        on past_versions.force_code = changed.force_code
        and past_versions.crime_id = changed.crime_id
),

named as (
    select * exclude (extracted_at)
    from versions
)

select * from named
