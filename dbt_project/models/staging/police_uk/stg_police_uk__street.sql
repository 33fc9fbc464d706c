with

street as (
    select * from {{ source('raw', 'police_uk_street') }}
),

typed as (
    select
        _load_id as load_id,
        _line as line,
        _force_code as force_code,
        -- Not trimmed, which would take time: it is a hash without spaces.
        crime_id,
        nullif({{ trimmed('falls_within') }}, '') as falls_within,
        nullif({{ trimmed('location') }}, '') as location_name,
        nullif({{ trimmed('lsoa_code') }}, '') as lsoa_code,
        nullif({{ trimmed('lsoa_name') }}, '') as lsoa_name,
        nullif({{ trimmed('crime_type') }}, '') as crime_type,
        nullif({{ trimmed('last_outcome_category') }}, '') as last_outcome_category,
        try_cast(longitude as decimal(9, 6)) as longitude,
        try_cast(latitude as decimal(9, 6)) as latitude,
        {{ first_day_of_month('month') }} as recorded_month,
        _extracted_at as extracted_at
    from street
)

select * from {{ counted('typed') }}
