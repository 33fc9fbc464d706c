-- Every record that a figure counts. This is a view, also in the published file,
-- because records are only looked up when somebody asks for them.

{{ config(materialized='view') }}

with

figure_parts as (
    select * from {{ ref('rpt_figure_parts') }}
),

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

of_figures as (
    select
        figure_parts.force_code,
        figure_parts.figure_id,
        figure_parts.figure_part,
        figure_parts.record_kind,
        records.record_id,
        figure_parts.measure_code,
        records.area_code,
        records.category,
        cast(records.quantity as decimal(18, 3)) as record_value,
        cast(records.counted_on as date) as counted_on
    from figure_parts
    inner join records
        on figure_parts.force_code = records.force_code
        and figure_parts.record_kind = records.record_kind
        and figure_parts.measure_code
        = coalesce(records.measure_code, figure_parts.measure_code)
        and figure_parts.counted_as = records.counted_as
        and figure_parts.breakdown is not distinct from records.breakdown
        and figure_parts.category is not distinct from records.category
        and records.counted_on between figure_parts.first_day and figure_parts.last_day
        and (
            figure_parts.area_codes is null
            or list_contains(figure_parts.area_codes, records.area_code)
        )
)

select * from of_figures
