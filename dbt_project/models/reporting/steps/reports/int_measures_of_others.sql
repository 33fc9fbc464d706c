-- The measures that inform only strands of other strategies than the report's. They are
-- not in the report. Open data have few measures, and keep all.

with

reports as (
    select * from {{ ref('dim_reports') }}
    where origin <> 'open data'
),

strand_measures as (
    select * from {{ ref('strand_measures') }}
),

of_others as (
    select
        reports.quarter,
        reports.force_code,
        strand_measures.measure_code
    from reports
    cross join strand_measures
    group by reports.quarter, reports.force_code, strand_measures.measure_code
    having not bool_or(reports.strategy_code = strand_measures.strategy_code)
)

select * from of_others
