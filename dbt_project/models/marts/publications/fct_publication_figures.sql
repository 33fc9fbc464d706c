with

figures as (
    select * from {{ ref('stg_publications__figures') }}
)

select * from figures
