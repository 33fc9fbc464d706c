with

stocks as (
    select * exclude (table_name) from {{ ref('int_stocks') }}
    where table_name = 'offender_management'
)

select * from stocks
