with

points as (
    select * from {{ ref('int_revision_chart_points') }}
),

reports as (
    select * from {{ ref('rpt_reports') }}
),

summarised as (
    select
        quarter,
        force_code,
        chart_name,
        sum(value) as total,
        max(value) as highest,
        min(value) as lowest,
        arg_min(point_label, point_position) as highest_label,
        arg_max(point_label, point_position) as lowest_label
    from points
    group by all
),

titled as (
    select
        summarised.*,
        {{ filled(wording("'revision_chart_title'"), {
            'period_label': 'reports.period_label',
        }) }} as chart_title
    from summarised
    inner join reports using (quarter, force_code)
),

worded as (
    select
        quarter,
        force_code,
        chart_name,
        cast(200 as bigint) as chart_position,
        cast(null as varchar) as strand,
        cast(null as varchar) as measure,
        'category_bars' as chart_kind,
        chart_title,
        {{ filled(wording("'category_chart_alternative'"), {
            'title': 'chart_title',
            'denominator': with_commas('total'),
            'highest_category': 'highest_label',
            'highest': with_commas('highest'),
            'lowest_category': 'lowest_label',
            'lowest': with_commas('lowest'),
        }) }} as alternative_text,
        {{ first_upper(wording("'unit_crimes'")) }} as value_heading,
        'count' as number_format,
        true as is_available
    from titled
)

select * from worded
