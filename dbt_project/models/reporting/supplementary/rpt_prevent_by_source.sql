with

shares as (
    select * exclude (table_name) from {{ ref('int_breakdown_shares') }}
    where table_name = 'prevent_by_source'
)

select * from shares
