{{ config(materialized='table') }}

-- Every figure that a table can show, with all columns of its identity. A figure that
-- was not supplied has a row without a value; a figure without a row does not exist.

with

together as (
    select * from {{ ref('int_counted_figures') }}
    union all by name
    select * from {{ ref('int_category_figures') }}
    union all by name
    select * from {{ ref('int_unit_figures') }}
    union all by name
    select * from {{ ref('int_plan_figures') }}
    union all by name
    select * from {{ ref('int_change_figures') }}
),

identified as (
    select
        force_code,
        {{ figure_id() }} as figure_id,
        measure_code,
        breakdown,
        category,
        area_level,
        area_code,
        statistic,
        change_code,
        value,
        numerator,
        denominator,
        first_day,
        last_day,
        base_first_day,
        base_last_day
    from together
)

select * from identified
