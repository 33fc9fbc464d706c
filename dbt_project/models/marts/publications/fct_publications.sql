with

publications as (
    select * from {{ ref('stg_publications__publications') }}
),

-- A report's column of that name changes with each delivery.
renamed as (
    select * rename (latest_extracted_at as made_from_extracted_at)
    from publications
)

select * from renamed
