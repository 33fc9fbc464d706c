with

measures as (
    select * from {{ ref('measures') }}
),

rules as (
    select * from {{ ref('measure_rules') }}
),

exclusions as (
    select * from {{ ref('measure_exclusions') }}
),

defined_by_outcome as (
    select measure_code from rules
    where outcome_code is not null
    union
    select measure_code from exclusions
    where outcome_code is not null
),

named as (
    select
        measures.measure_code,
        measures.measure_name,
        measures.measure_definition,
        measures.source_extract,
        measures.unit as measure_unit,
        measures.kind,
        measures.polarity,
        measures.is_reported,
        measures.is_on_board,
        measures.is_plural,
        defined_by_outcome.measure_code is not null as is_defined_by_outcome,
        measures.measure_position
    from measures
    left join defined_by_outcome
        on measures.measure_code = defined_by_outcome.measure_code
)

select * from named
