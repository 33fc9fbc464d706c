with

points as (
    select * from {{ ref('int_chart_points') }}
    where is_delivered
),

charts as (
    select * from {{ ref('rpt_charts') }}
),

of_charts as (
    select points.* exclude (month, is_delivered)
    from points
    semi join charts using (quarter, force_code, chart_name)
)

select * from of_charts
