{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook='{{ delete_new_loads() }}',
) }}

-- Incremental: a mapped line depends only on its load and on seeds. If a mapping
-- changes, its files are loaded again and everything is built in full.

with

mapped as (
    {{ mapped_lines(is_new_load('_load_id')) }}
),

loads as (
    select * from {{ ref('stg_register__loads') }}
),

of_files as (
    select
        mapped.load_id,
        mapped.line,
        mapped.extract,
        loads.file_name,
        mapped.place,
        mapped.line_key,
        mapped.is_held,
        mapped.delivered_text
    from mapped
    inner join loads on mapped.load_id = loads.load_id
)

select * from of_files
