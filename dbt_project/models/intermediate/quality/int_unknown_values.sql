-- depends_on: {{ ref('offences') }}, {{ ref('districts') }}, {{ ref('outcomes') }}
-- depends_on: {{ ref('strands') }}, {{ ref('strand_aliases') }}, {{ ref('forces') }}
-- depends_on: {{ ref('categories') }}, {{ ref('supplementary_measures') }}
-- depends_on: {{ ref('keywords') }}, {{ ref('int_held_lines') }}

{{ config(materialized='incremental', on_schema_change='fail') }}

-- Whether a list knows a value depends on the line and on seeds alone. The model
-- follows int_held_lines so that both have read the same loads, and so that no two
-- models make the table of builds at once.

with

newly_delivered as (
    {{ unknown_values(is_to_be_read('_load_id')) }}
)

select * from newly_delivered
