with

publications as (
    select * from {{ source('raw', 'publications') }}
)

select * from publications
