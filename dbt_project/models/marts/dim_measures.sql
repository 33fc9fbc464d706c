with

measures as (
    select * from {{ ref('measures') }}
),

named as (
    select
        measure_code,
        measure_name,
        measure_definition,
        source_extract,
        unit as measure_unit,
        kind,
        polarity,
        is_reported,
        is_on_board,
        is_plural,
        measure_position
    from measures
)

select * from named
