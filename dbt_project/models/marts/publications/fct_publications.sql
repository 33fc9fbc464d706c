with

publications as (
    select * from {{ ref('stg_publications__publications') }}
)

select * from publications
