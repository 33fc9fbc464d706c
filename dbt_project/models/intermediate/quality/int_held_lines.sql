{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook='{{ delete_new_loads() }}',
) }}

-- Incremental: the reasons for holding a line depend only on the line and on seeds.

with

held as (
    {{ held_lines() }}
),

newly_held as (
    select * from held
    where {{ is_new_load('load_id') }}
)

select * from {{ counted('newly_held') }}
