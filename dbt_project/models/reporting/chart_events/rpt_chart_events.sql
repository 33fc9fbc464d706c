-- The bands on the charts of months: the events within the months of each chart, and
-- their places on its axis. The months are the points 1, 2, 3 …, and each reaches half
-- a month to either side.

with

chart_points as (
    select * from {{ ref('int_chart_points') }}
    where month is not null
),

events as (
    select * from {{ ref('events') }}
),

charts as (
    select * from {{ ref('rpt_charts') }}
),

chart_months as (
    select distinct
        chart_points.quarter,
        chart_points.force_code,
        chart_points.chart_name,
        chart_points.month
    from chart_points
    semi join charts using (quarter, force_code, chart_name)
),

points as (
    select
        *,
        last_day(month) as month_end,
        row_number() over (
            partition by quarter, force_code, chart_name order by month
        ) as point_position
    from chart_months
),

covered as (
    select
        points.quarter,
        points.force_code,
        points.chart_name,
        events.event_code,
        events.event_name,
        min(points.point_position) as first_point,
        max(points.point_position) as last_point,
        min(points.month) as first_month,
        max(points.month_end) as last_day,
        events.start_date,
        events.end_date
    from points
    inner join events
        on points.force_code = coalesce(events.force_code, points.force_code)
        and points.month <= events.end_date
        and points.month_end >= events.start_date
    group by all
),

within as (
    select
        * exclude (start_date, end_date),
        greatest(start_date, first_month) as marked_from_date,
        least(end_date, last_day) as marked_to_date
    from covered
),

placed as (
    select
        quarter,
        force_code,
        chart_name,
        row_number() over (
            partition by quarter, force_code, chart_name
            order by marked_from_date, event_code
        ) as event_position,
        event_name,
        marked_from_date,
        marked_to_date,
        cast(
            first_point - 0.5 + (marked_from_date - first_month)
            / cast(day(last_day(first_month)) as double)
            as decimal(8, 3)
        ) as start_position,
        cast(
            last_point + 0.5 - (last_day - marked_to_date)
            / cast(day(last_day) as double)
            as decimal(8, 3)
        ) as end_position
    from within
)

select * from placed
