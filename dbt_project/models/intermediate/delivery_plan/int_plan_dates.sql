-- The day of each quarter's delivery plan: the last one up to the quarter's cut-off, or
-- where the calendar has none, the last one extracted near the quarter's end. Where
-- there is none either, the quarter has no plan: today's is not what was planned then.

with

dates as (
    select * from {{ ref('dim_dates') }}
),

calendar as (
    select * from {{ ref('reporting_calendar') }}
),

plans as (
    select distinct
        force_code,
        cast(extracted_at as date) as plan_date
    from {{ ref('int_deliveries') }}
    where extract = 'actions'
),

quarters as (
    select
        quarter,
        max(date_day) as end_date
    from dates
    group by all
),

plan_dates as (
    select
        quarters.quarter,
        plans.force_code,
        max(plans.plan_date) as plan_as_at_date
    from quarters
    cross join plans
    left join calendar
        on quarters.quarter = calendar.quarter
        and plans.force_code = calendar.force_code
    where
        case
            when calendar.cut_off_date is not null
                then plans.plan_date <= calendar.cut_off_date
            else
                abs(date_diff('day', quarters.end_date, plans.plan_date))
                <= {{ supply_rule('plan_days') }}
        end
    group by all
)

select * from plan_dates
