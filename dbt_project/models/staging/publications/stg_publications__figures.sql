with

figures as (
    select * from {{ source('raw', 'publication_figures') }}
)

select * from figures
