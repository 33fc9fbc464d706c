with

loads as (
    select * from {{ source('raw', 'loads') }}
    where extracted_at <= {{ as_at() }}
)

select * from loads
