with

strands as (
    select * from {{ ref('strands') }}
),

strategies as (
    select * from {{ ref('strategies') }}
),

dated as (
    select
        strands.strategy_code,
        strands.strand_code,
        strands.strand_name,
        strategies.strategy_name,
        strands.strand_position,
        strategies.start_date as strategy_start_date,
        strategies.end_date as strategy_end_date
    from strands
    inner join strategies on strands.strategy_code = strategies.strategy_code
)

select * from dated
