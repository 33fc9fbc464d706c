{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook='{{ delete_new_loads() }}',
) }}

-- Why a line breaks its contract depends on the line and on seeds alone.

with

held as (
    {{ held_lines() }}
),

newly_held as (
    select * from held
    where {{ is_new_load('load_id') }}
)

select * from newly_held
