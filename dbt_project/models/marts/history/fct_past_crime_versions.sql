{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook="{{ delete_changed('crime_id', ref('int_accepted_crimes'), '_load_id') }}",
) }}

with

-- Read twice, the first time for its keys alone.
accepted as {{ kept_if_few() }} (
    {{ rows_of_changed_keys(ref('int_accepted_crimes'), 'crime_id', '_load_id') }}
),

offences as (
    select * from {{ ref('offences') }}
),

outcomes as (
    select * from {{ ref('outcomes') }}
),

districts as (
    select * from {{ ref('districts') }}
),

-- Most crimes have one version, which is the current one.
repeated as (
    select
        _force_code,
        crime_id
    from accepted
    group by all
    having count(*) > 1
),

-- A version holds until the next one of its crime, or until an extract lacks it.
dated as (
    select
        accepted.*,
        accepted._extracted_at as valid_from,
        count(*) filter (where not accepted._is_closing) over versions
            as version_number,
        lead(accepted._extracted_at) over versions as valid_to
    from accepted
    semi join repeated
        on accepted._force_code = repeated._force_code
        and accepted.crime_id = repeated.crime_id
    window versions as (
        partition by accepted._force_code, accepted.crime_id
        order by accepted._extracted_at, accepted._load_id, accepted._line
    )
),

past as (
    select * from dated
    where not _is_closing and valid_to is not null
),

described as (
    {{ described_crimes('past', ['version_number', 'valid_from', 'valid_to']) }}
)

select * from described
