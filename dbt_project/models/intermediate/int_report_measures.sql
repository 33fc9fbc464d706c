-- The measures of each report and the strand that each informs: the report's own
-- always, those of another source only where that source has delivered.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
    where is_reported
),

strand_measures as (
    select * from {{ ref('strand_measures') }}
),

strands as (
    select * from {{ ref('dim_strands') }}
),

supplied as (
    select distinct
        force_code,
        extract
    from {{ ref('int_supplied_months') }}
),

chosen as (
    select
        reports.quarter,
        reports.force_code,
        reports.force_name,
        reports.end_date,
        measures.measure_code,
        measures.measure_name,
        measures.unit,
        strands.strand_code,
        strands.strand_name,
        supplied.extract is not null as is_delivered,
        row_number() over (
            partition by reports.quarter, reports.force_code
            order by
                strands.strand_position nulls last,
                measures.measure_position
        ) as row_position
    from reports
    cross join measures
    left join supplied
        on reports.force_code = supplied.force_code
        and measures.source_extract = supplied.extract
    left join strand_measures
        on reports.strategy_code = strand_measures.strategy_code
        and measures.measure_code = strand_measures.measure_code
    left join strands
        on strand_measures.strategy_code = strands.strategy_code
        and strand_measures.strand_code = strands.strand_code
    where supplied.extract is not null or measures.source_extract = 'crimes'
)

select * from chosen
