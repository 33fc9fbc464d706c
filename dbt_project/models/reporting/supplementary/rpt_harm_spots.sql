with

stocks as (
    select * exclude (table_name) from {{ ref('int_stocks') }}
    where table_name = 'harm_spots'
)

select * from stocks
