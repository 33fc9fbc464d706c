-- Why a measure's figures are not available in a report, if there is a known reason:
-- that of the measure, such as no evidence, or else that of its extract's last missing
-- months.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

measures as (
    select * from {{ ref('measures') }}
),

measure_notes as (
    select * from {{ ref('int_measure_notes') }}
),

supply_notes as (
    select
        quarter,
        force_code,
        extract,
        arg_max(reason, first_month) as reason
    from {{ ref('int_supply_notes') }}
    group by all
),

reasons as (
    select
        reports.quarter,
        reports.force_code,
        measures.measure_code,
        coalesce(measure_notes.reason, supply_notes.reason) as gap_reason
    from reports
    cross join measures
    left join measure_notes
        on reports.quarter = measure_notes.quarter
        and reports.force_code = measure_notes.force_code
        and measures.measure_code = measure_notes.measure_code
    left join supply_notes
        on reports.quarter = supply_notes.quarter
        and reports.force_code = supply_notes.force_code
        and measures.source_extract = supply_notes.extract
    where measure_notes.reason is not null or supply_notes.reason is not null
)

select * from reasons
