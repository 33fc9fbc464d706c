{{ config(materialized='view') }}

-- The actions with the names of their strands. A strand of two strategies has the name
-- that the later one gives it.

with

actions as (
    select * from {{ ref('fct_actions') }}
),

forces as (
    select * from {{ ref('dim_forces') }}
),

strands as (
    select
        strand_code,
        arg_max(strand_name, strategy_start_date) as strand_name
    from {{ ref('dim_strands') }}
    group by all
),

named as (
    select
        actions.action_id,
        forces.force_name,
        strands.strand_name,
        actions.action_status,
        actions.is_at_risk,
        actions.start_date,
        actions.due_date,
        actions.completed_date
    from actions
    inner join forces on actions.force_code = forces.force_code
    left join strands on actions.strand_code = strands.strand_code
)

select * from named
