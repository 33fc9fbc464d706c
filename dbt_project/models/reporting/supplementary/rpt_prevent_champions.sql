with

stocks as (
    select * exclude (table_name) from {{ ref('int_stocks') }}
    where table_name = 'prevent_champions'
)

select * from stocks
