-- depends_on: {{ ref('offences') }}, {{ ref('districts') }}, {{ ref('outcomes') }}
-- depends_on: {{ ref('strands') }}, {{ ref('strand_aliases') }}, {{ ref('forces') }}
-- depends_on: {{ ref('categories') }}, {{ ref('supplementary_measures') }}
-- depends_on: {{ ref('keywords') }}

{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook='{{ delete_new_loads() }}',
) }}

-- Incremental: whether a value is in a list depends only on the line and on seeds.

with

newly_delivered as (
    {{ unknown_values(is_new_load('_load_id')) }}
)

select * from newly_delivered
