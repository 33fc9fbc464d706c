with

publications as (
    select * from {{ ref('stg_publications__publications') }}
),

-- dim_reports has a column of the old name, which changes with each delivery.
renamed as (
    select * rename (latest_extracted_at as made_from_extracted_at)
    from publications
)

select * from renamed
