{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook="{{ delete_changed('crime_id', ref('int_accepted_crimes'), '_load_id') }}",
) }}

with

-- Not materialized: it is read twice, once for its keys only, and would fill the
-- memory.
accepted as {{ not_materialized() }} (
    select * from {{ ref('int_accepted_crimes') }}
    where {{ is_new_load('_load_id') }}
),

latest as (
    {{ latest_versions('accepted', 'crime_id') }}
),

-- Without the crimes that a later full extract no longer contains.
crimes as (
    select * from latest
    where not _is_closing
),

offences as (
    select * from {{ ref('offences') }}
),

outcomes as (
    select * from {{ ref('outcomes') }}
),

districts as (
    select * from {{ ref('districts') }}
),

described as (
    {{ described_crimes('crimes') }}
)

select * from {{ counted('described') }}
