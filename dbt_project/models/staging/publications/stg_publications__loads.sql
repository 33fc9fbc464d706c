with

loads as (
    select * from {{ source('raw', 'publication_loads') }}
)

select * from loads
