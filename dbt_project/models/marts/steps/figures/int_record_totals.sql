{{ config(materialized='table') }}

-- The sums of the records of every fact. All tests of sums compare marts and figures
-- with these sums, and not with each other.

with

crime_measures as (
    select * from {{ ref('fct_crime_measures') }}
),

crimes as (
    select * from {{ ref('fct_crimes') }}
),

open_crimes as (
    select * from {{ ref('fct_open_crimes') }}
),

supplementary_records as (
    select * from {{ ref('fct_supplementary_records') }}
),

reports as (
    select * from {{ ref('dim_reports') }}
),

strands as (
    select * from {{ ref('dim_strands') }}
),

plan_actions as (
    select * from {{ ref('fct_plan_actions') }}
    where is_in_plan
),

loads as (
    select * from {{ ref('fct_loads') }}
),

held_lines as (
    select
        *,
        unnest(quarantine_reasons) as reason_code
    from {{ ref('fct_quarantined_lines') }}
    where is_open
),

reasons as (
    select * from {{ ref('dim_quarantine_reasons') }}
),

{{ counted_records() }},

totals as (
    select
        record_kind,
        force_code,
        measure_code,
        counted_as,
        cast(counted_on as date) as counted_on,
        area_code,
        breakdown,
        category,
        count(*) as record_count,
        cast(sum(quantity) as decimal(18, 3)) as quantity
    from records
    group by all
)

select * from totals
