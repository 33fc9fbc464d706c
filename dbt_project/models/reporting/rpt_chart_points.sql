with

supplementary_charts as (
    select * from {{ ref('int_supplementary_charts') }}
),

supplementary_points as (
    select * exclude (month)
    from {{ ref('int_supplementary_chart_points') }}
),

available_points as (
    select supplementary_points.*
    from supplementary_points
    semi join supplementary_charts
        on supplementary_points.quarter = supplementary_charts.quarter
        and supplementary_points.force_code = supplementary_charts.force_code
        and supplementary_points.chart_name = supplementary_charts.chart_name
),

revision_points as (
    select * from {{ ref('int_revision_chart_points') }}
),

report_measures as (
    select * from {{ ref('int_report_measures') }}
),

monthly_counts as (
    {{ rows_with_figures('monthly_counts', {
        'count': 'bigint',
    }) }}
),

months as (
    select * from {{ ref('int_report_months') }}
),

points as (
    select
        monthly_counts.quarter,
        monthly_counts.force_code,
        'monthly_' || monthly_counts.measure as chart_name,
        row_number() over (
            partition by
                monthly_counts.quarter,
                monthly_counts.force_code,
                monthly_counts.measure
            order by months.month
        ) as point_position,
        cast(null as varchar) as series,
        months.month_label as point_label,
        cast(monthly_counts.count as decimal(18, 1)) as value
    from monthly_counts
    inner join report_measures
        on monthly_counts.quarter = report_measures.quarter
        and monthly_counts.force_code = report_measures.force_code
        and monthly_counts.measure = report_measures.measure_code
    inner join months
        on monthly_counts.quarter = months.quarter
        and monthly_counts.force_code = months.force_code
        and monthly_counts.month = months.month_key
    where report_measures.is_delivered
),

together as (
    select * from points
    union all
    select * from available_points
    union all
    select * from revision_points
)

select * from together
