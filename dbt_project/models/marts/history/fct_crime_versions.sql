-- A view and not a table, because most queries are about the current version of a crime
-- (fct_crimes).

{{ config(materialized='view') }}

with

accepted as (
    select * from {{ ref('int_accepted_crimes') }}
),

-- A version is valid until the next version of its crime, or until an extract no longer
-- contains the crime.
dated as (
    select
        *,
        row_number() over versions as version_number,
        lead(_extracted_at) over versions as valid_to
    from accepted
    window versions as (
        partition by _force_code, crime_id order by _extracted_at, _load_id, _line
    )
),

named as (
    select
        crime_id,
        version_number,
        _force_code as force_code,
        district_code,
        lsoa_code,
        offence_code,
        crime_status,
        outcome_code,
        keywords,
        is_domestic_abuse,
        is_hate_crime,
        is_online,
        is_night_time_economy,
        valid_to is null as is_current,
        recorded_at,
        committed_from,
        committed_to,
        outcome_date,
        _extracted_at as valid_from,
        valid_to,
        _load_id as load_id,
        _line as line
    from dated
    where not _is_closing
)

select * from named
