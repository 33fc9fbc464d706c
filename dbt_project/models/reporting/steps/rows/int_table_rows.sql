{{ config(materialized='table') }}

-- Every row of every table that is laid out from figures: what its figures count, its
-- labels, and the key that identifies it in every build.

with

together as (
    select * from {{ ref('int_comparison_rows') }}
    union all by name
    select * from {{ ref('int_month_rows') }}
    union all by name
    select * from {{ ref('int_measure_rows') }}
    union all by name
    select * from {{ ref('int_category_rows') }}
    union all by name
    select * from {{ ref('int_strand_rows') }}
    union all by name
    select * from {{ ref('int_action_rows') }}
    union all by name
    select * from {{ ref('int_plan_change_rows') }}
    union all by name
    select * exclude (held_line_count) from {{ ref('int_held_line_rows') }}
)

select * from together
