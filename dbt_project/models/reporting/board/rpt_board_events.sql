-- The dated events that the charts of the board report may mark.

with

months as (
    select * from {{ ref('int_report_months') }}
),

events as (
    select * from {{ ref('events') }}
),

windows as (
    select
        quarter,
        force_code,
        min(month) as first_day,
        last_day(max(month)) as last_day
    from months
    group by all
),

within as (
    select
        windows.quarter,
        windows.force_code,
        events.event_name,
        events.start_date as event_start_date,
        events.end_date as event_end_date
    from windows
    inner join events
        on windows.force_code = coalesce(events.force_code, windows.force_code)
        and windows.first_day <= events.end_date
        and windows.last_day >= events.start_date
)

select * from within
