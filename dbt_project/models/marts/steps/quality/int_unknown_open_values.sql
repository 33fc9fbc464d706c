-- Unlisted values in the open data, and lines that name another force than the name of
-- their file does. Every line is counted.

with

open_crimes as (
    select * from {{ ref('fct_open_crimes') }}
),

street as (
    select * from {{ ref('stg_police_uk__street') }}
),

outcomes as (
    select * from {{ ref('stg_police_uk__outcomes') }}
),

known_outcomes as (
    select * from {{ ref('open_outcomes') }}
),

forces as (
    select * from {{ ref('forces') }}
),

-- The delivered lines of crimes whose district or type was not recognised.
not_recognised as (
    select
        street.*,
        open_crimes.district_code = {{ not_recognised_district() }} as has_unknown_area,
        open_crimes.crime_type = {{ not_recognised() }} as has_unknown_type
    from street
    inner join open_crimes
        on street.load_id = open_crimes.load_id and street.line = open_crimes.line
    where
        open_crimes.district_code = {{ not_recognised_district() }}
        or open_crimes.crime_type = {{ not_recognised() }}
),

open_values as (
    select
        'lsoa_name' as column_name,
        force_code,
        coalesce(lsoa_name, lsoa_code) as value,
        extracted_at
    from not_recognised
    where has_unknown_area
    union all
    select
        'crime_type' as column_name,
        force_code,
        coalesce(crime_type, '') as value,
        extracted_at
    from not_recognised
    where has_unknown_type
    union all
    select
        unnest(['last_outcome_category', 'falls_within', 'force_code']) as column_name,
        force_code,
        unnest([last_outcome_category, falls_within, force_code]) as value,
        extracted_at
    from street
    union all
    select
        'outcome_type' as column_name,
        force_code,
        outcome_type as value,
        extracted_at
    from outcomes
),

counted as (
    select
        if(column_name = 'outcome_type', 'police_uk_outcomes', 'police_uk_street')
            as extract,
        force_code,
        column_name,
        value,
        count(*) as line_count,
        min(extracted_at) as first_seen_at,
        max(extracted_at) as last_seen_at
    from open_values
    where value is not null
    group by all
),

known as (
    select
        unnest(['last_outcome_category', 'outcome_type']) as column_name,
        cast(null as varchar) as force_code,
        {{ plain_name('outcome_name') }} as plain_value
    from known_outcomes
    union all
    select
        unnest(['force_code', 'falls_within', 'falls_within']) as column_name,
        force_code,
        unnest([
            {{ plain_name('force_code') }},
            {{ plain_name('force_name') }},
            {{ plain_name('other_name') }}
        ]) as plain_value
    from forces
),

unknown as (
    select counted.*
    from counted
    anti join known
        on counted.column_name = known.column_name
        and counted.force_code
        = coalesce(known.force_code, counted.force_code)
        and {{ plain_name('counted.value') }}
        = known.plain_value
)

select * from unknown
