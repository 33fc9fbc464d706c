-- A view, also in the published file: every record that a figure counts, found when it
-- is asked for.

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

crime_records as (
    select
        'crime' as record_kind,
        force_code,
        crime_id as record_id,
        measure_code,
        'value' as counted_as,
        recorded_month as month,
        district_code as area_code,
        null as breakdown,
        null as category,
        1 as quantity
    from crime_measures
),

solved_records as (
    select
        'solved crime' as record_kind,
        crime_measures.force_code,
        crime_measures.crime_id as record_id,
        crime_measures.measure_code,
        'value' as counted_as,
        date_trunc('month', crimes.outcome_date) as month,
        crime_measures.district_code as area_code,
        null as breakdown,
        null as category,
        1 as quantity
    from crime_measures
    inner join crimes on crime_measures.crime_id = crimes.crime_id
    where crimes.has_positive_outcome
),

counted_open_crimes as (
    select
        *,
        unnest(['value', 'known_outcome', 'positive_outcome']) as counted_as,
        unnest([
            true, outcome_result is not null, outcome_result = 'positive'
        ]) as is_counted
    from open_crimes
),

-- A type of open data has no measure of its own: the figure's part names the type.
open_records as (
    select
        'open crime' as record_kind,
        force_code,
        load_id || ':' || line as record_id,
        null as measure_code,
        counted_as,
        recorded_month as month,
        district_code as area_code,
        'crime_type' as breakdown,
        crime_type as category,
        1 as quantity
    from counted_open_crimes
    where is_counted
),

counted_supplementary as (
    select
        *,
        unnest(['value', 'numerator', 'denominator']) as counted_as,
        unnest([value, numerator, denominator]) as quantity
    from supplementary_records
),

supplementary as (
    select
        'supplementary' as record_kind,
        force_code,
        record_id,
        measure_code,
        counted_as,
        month,
        area_code,
        breakdown,
        category,
        quantity
    from counted_supplementary
    where quantity <> 0 or (counted_as = 'value' and quantity is not null)
),

counted_actions as (
    select
        plan_actions.force_code,
        plan_actions.action_id,
        date_trunc('month', reports.end_date) as month,
        strands.strand_name,
        unnest([
            'total', 'complete', 'ongoing', 'at_risk', 'days_overdue', 'days_slipped'
        ]) as counted_as,
        unnest([
            1,
            cast(plan_actions.action_status = 'Complete' as integer),
            cast(plan_actions.action_status = 'Ongoing' as integer),
            cast(plan_actions.is_at_risk as integer),
            coalesce(plan_actions.days_overdue, 0),
            coalesce(plan_actions.days_slipped, 0)
        ]) as quantity
    from plan_actions
    inner join reports
        on plan_actions.quarter = reports.quarter
        and plan_actions.force_code = reports.force_code
    inner join strands
        on reports.strategy_code = strands.strategy_code
        and plan_actions.strand_code = strands.strand_code
),

action_records as (
    select
        'action' as record_kind,
        force_code,
        action_id as record_id,
        'delivery_plan_actions' as measure_code,
        counted_as,
        month,
        strand_name as area_code,
        case when counted_as in ('days_overdue', 'days_slipped') then 'action' end
            as breakdown,
        case when counted_as in ('days_overdue', 'days_slipped') then action_id end
            as category,
        quantity
    from counted_actions
    where quantity <> 0
),

-- Held back now, whatever the quarter.
line_records as (
    select
        'held line' as record_kind,
        reports.force_code,
        held_lines.file_name || ':' || held_lines.line as record_id,
        'held_lines' as measure_code,
        'value' as counted_as,
        date_trunc('month', reports.end_date) as month,
        null as area_code,
        'file_and_reason' as breakdown,
        concat_ws(': ', held_lines.file_name, reasons.reason) as category,
        1 as quantity
    from held_lines
    inner join loads on held_lines.load_id = loads.load_id
    inner join reports on loads.force_code = reports.force_code
    inner join reasons
        on held_lines.extract = reasons.extract
        and held_lines.reason_code = reasons.reason_code
),

records as (
    select * from crime_records
    union all
    select * from solved_records
    union all
    select * from open_records
    union all
    select * from supplementary
    union all
    select * from action_records
    union all
    select * from line_records
),

of_figures as (
    select
        figure_parts.quarter,
        figure_parts.force_code,
        figure_parts.figure_id,
        figure_parts.part,
        figure_parts.record_kind,
        records.record_id,
        figure_parts.measure_code,
        records.area_code,
        records.category,
        cast(records.quantity as decimal(18, 3)) as quantity,
        cast(records.month as date) as month
    from figure_parts
    inner join records
        on figure_parts.force_code = records.force_code
        and figure_parts.record_kind = records.record_kind
        and figure_parts.measure_code
        = coalesce(records.measure_code, figure_parts.measure_code)
        and figure_parts.counted_as = records.counted_as
        and figure_parts.breakdown is not distinct from records.breakdown
        and figure_parts.category is not distinct from records.category
        and records.month between figure_parts.first_month and figure_parts.last_month
        and (
            figure_parts.area_codes is null
            or list_contains(figure_parts.area_codes, records.area_code)
        )
)

select * from of_figures
