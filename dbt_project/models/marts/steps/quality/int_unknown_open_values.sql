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

force_names as (
    select
        force_code,
        force_name
    from forces
    union all
    select
        force_code,
        other_name as force_name
    from forces
    where other_name is not null
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

counted as (
    select
        'police_uk_street' as extract,
        force_code,
        'lsoa_name' as column_name,
        coalesce(lsoa_name, lsoa_code) as value,
        count(*) as line_count,
        min(extracted_at) as first_seen_at,
        max(extracted_at) as last_seen_at
    from not_recognised
    where has_unknown_area
    group by all
    union all
    select
        'police_uk_street' as extract,
        force_code,
        'crime_type' as column_name,
        coalesce(crime_type, '') as value,
        count(*) as line_count,
        min(extracted_at) as first_seen_at,
        max(extracted_at) as last_seen_at
    from not_recognised
    where has_unknown_type
    group by all
    union all
    select
        'police_uk_street' as extract,
        force_code,
        'last_outcome_category' as column_name,
        last_outcome_category as value,
        count(*) as line_count,
        min(extracted_at) as first_seen_at,
        max(extracted_at) as last_seen_at
    from street
    where last_outcome_category is not null
    group by all
    union all
    select
        'police_uk_street' as extract,
        force_code,
        'falls_within' as column_name,
        falls_within as value,
        count(*) as line_count,
        min(extracted_at) as first_seen_at,
        max(extracted_at) as last_seen_at
    from street
    where falls_within is not null
    group by all
    union all
    select
        'police_uk_street' as extract,
        force_code,
        'force_code' as column_name,
        force_code as value,
        count(*) as line_count,
        min(extracted_at) as first_seen_at,
        max(extracted_at) as last_seen_at
    from street
    group by all
    union all
    select
        'police_uk_outcomes' as extract,
        force_code,
        'outcome_type' as column_name,
        outcome_type as value,
        count(*) as line_count,
        min(extracted_at) as first_seen_at,
        max(extracted_at) as last_seen_at
    from outcomes
    where outcome_type is not null
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
        'falls_within' as column_name,
        force_code,
        {{ plain_name('force_name') }} as plain_value
    from force_names
    union all
    select
        'force_code' as column_name,
        force_code,
        {{ plain_name('force_code') }} as plain_value
    from forces
),

unknown as (
    select counted.*
    from counted
    anti join known
        on counted.column_name = known.column_name
        and counted.force_code = coalesce(known.force_code, counted.force_code)
        and {{ plain_name('counted.value') }} = known.plain_value
)

select * from unknown
