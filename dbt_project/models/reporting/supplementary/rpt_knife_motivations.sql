with

shares as (
    select * exclude (table_name) from {{ ref('int_breakdown_shares') }}
    where table_name = 'knife_motivations'
)

select * from shares
