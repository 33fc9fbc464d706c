-- The measures that a report can have, and the strand that each informs. A force's own
-- report always has the measures of crimes, those of another source only if that source
-- has delivered, and none that informs only strands of other strategies. A report of
-- open data has the measures of open data, and no strands.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
    where is_reported or is_on_board
),

strand_measures as (
    select * from {{ ref('strand_measures') }}
),

strands as (
    select * from {{ ref('dim_strands') }}
),

measures_of_others as (
    select
        quarter,
        force_code,
        part_name as measure_code
    from {{ ref('int_parts_of_others') }}
    where part_kind = 'measure'
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
        reports.origin,
        reports.quarter_start_date,
        reports.quarter_end_date,
        measures.measure_code,
        measures.measure_name,
        measures.measure_unit,
        measures.polarity,
        measures.is_reported,
        measures.is_on_board,
        measures.is_plural,
        measures.is_defined_by_outcome,
        strands.strand_code,
        strands.strand_name,
        strands.strand_position,
        measures.measure_position,
        supplied.extract is not null as is_delivered
    from reports
    cross join measures
    left join supplied
        on reports.force_code = supplied.force_code
        and measures.source_extract = supplied.extract
    left join strand_measures
        on reports.strategy_code = strand_measures.strategy_code
        and measures.measure_code = strand_measures.measure_code
        and reports.origin <> 'open data'
    anti join measures_of_others
        on reports.quarter = measures_of_others.quarter
        and reports.force_code = measures_of_others.force_code
        and measures.measure_code = measures_of_others.measure_code
    left join strands
        on strand_measures.strategy_code = strands.strategy_code
        and strand_measures.strand_code = strands.strand_code
    where
        supplied.extract is not null
        or (measures.source_extract = 'crimes' and reports.origin <> 'open data')
),

-- The order of the tables is that of the strands.
ordered as (
    select
        *,
        row_number() over (
            partition by quarter, force_code, is_reported
            order by strand_position nulls last, measure_position
        ) as row_position
    from chosen
)

select * from ordered
