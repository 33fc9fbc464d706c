with

points as (
    select * from {{ ref('int_revision_chart_points') }}
),

summarised as (
    select
        quarter,
        force_code,
        chart_name,
        cast(200 as bigint) as chart_position,
        cast(null as varchar) as strand,
        cast(null as varchar) as measure,
        'category_bars' as chart_kind,
        'revisions' as subject_kind,
        cast(null as varchar) as subject,
        'crimes' as unit,
        cast(null as varchar) as area_level,
        cast(null as date) as first_month,
        cast(null as date) as last_month,
        cast(sum(value) as bigint) as total,
        'count' as number_format,
        true as is_available
    from points
    group by all
)

select * from summarised
