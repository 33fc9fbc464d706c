-- Why a measure of which a force's lines hold no sign is not available, in words, with
-- the lines that are held back.

with

unavailable_measures as (
    select * from {{ ref('int_unavailable_measures') }}
),

measures as (
    select * from {{ ref('measures') }}
),

worded as (
    select
        unavailable_measures.force_code,
        unavailable_measures.measure_code,
        measures.measure_name,
        measures.measure_position,
        {{ filled(
            wording(
                "'unavailable_'
                || " ~ grammatical_number('unavailable_measures.held_line_count')
            ),
            {
                'extract': "replace(unavailable_measures.extract, '_', ' ')",
                'count': with_commas('unavailable_measures.held_line_count'),
            }
        ) }} as reason
    from unavailable_measures
    inner join measures
        on unavailable_measures.measure_code = measures.measure_code
)

select * from worded
