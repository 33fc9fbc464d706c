with

outcomes as (
    select * from {{ source('raw', 'police_uk_outcomes') }}
),

typed as (
    select
        _load_id as load_id,
        _line as line,
        _force_code as force_code,
        -- Not trimmed, which would take time: it is a hash without spaces.
        crime_id,
        nullif({{ trimmed('outcome_type') }}, '') as outcome_type,
        {{ first_day_of_month('month') }} as outcome_month,
        _extracted_at as extracted_at
    from outcomes
)

select * from {{ counted('typed') }}
