-- The bands on the monthly charts, each with its label.

with

charts as (
    select * from {{ ref('rpt_charts') }}
),

chart_events as (
    select * from {{ ref('int_chart_events') }}
),

marked as (
    select
        charts.quarter,
        charts.force_code,
        charts.chart_name,
        chart_events.event_position,
        chart_events.event_label,
        chart_events.start_position,
        chart_events.end_position
    from charts
    inner join chart_events using (quarter, force_code, chart_name)
)

select * from marked
