with

unreadable_lines as (
    select * from {{ source('raw', 'unreadable_lines') }}
)

select * from unreadable_lines
