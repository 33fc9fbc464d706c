-- How low and high a quarter's months were, beside those of the other in the table.

with

ranges as (
    select
        * replace (
            cast(cast(lowest as bigint) as varchar) as lowest,
            cast(cast(highest as bigint) as varchar) as highest,
            {{ one_decimal('mean') }} as mean
        )
    from {{ ref('int_insight_rows') }}
    where form = 'range' and is_available
),

worded as (
    select
        ranges.quarter,
        ranges.force_code,
        ranges.section_code,
        ranges.slot,
        ranges.insight_position,
        ranges.row_position,
        ranges.sentence_style,
        {{ filled(wording("'insight_range'"), {
            'name': 'ranges.subject_name',
            'base_lowest': 'bases.lowest',
            'base_highest': 'bases.highest',
            'base_mean': 'bases.mean',
            'base_period': 'ranges.base_period',
            'lowest': 'ranges.lowest',
            'highest': 'ranges.highest',
            'mean': 'ranges.mean',
            'period': 'ranges.period',
        }) }} as sentence
    from ranges
    inner join ranges as bases
        on ranges.quarter = bases.quarter
        and ranges.force_code = bases.force_code
        and ranges.section_code = bases.section_code
        and ranges.table_name = bases.table_name
        and ranges.own_period <> bases.own_period
    where ranges.own_period = ranges.quarter_label
)

select * from worded
