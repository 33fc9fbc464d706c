{{ config(materialized='view') }}

with

-- A crime with one version has not changed.
versions as (
    select * from {{ ref('fct_crime_versions') }}
    where version_number > 1 or not is_current
),

followed as (
    select
        *,
        lag(offence_code) over crime_versions as previous_offence_code
    from versions
    window crime_versions as (
        partition by force_code, crime_id order by version_number
    )
),

reclassified as (
    select
        crime_id,
        version_number,
        force_code,
        district_code,
        previous_offence_code,
        offence_code,
        crime_status,
        is_counted,
        is_current,
        recorded_month,
        valid_from as reclassified_at
    from followed
    where offence_code <> previous_offence_code
)

select * from reclassified
