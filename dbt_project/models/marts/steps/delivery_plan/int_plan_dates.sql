-- The extraction day of each quarter's delivery plan: the last plan up to the quarter's
-- cut-off or, if the calendar has no cut-off, the last plan near the quarter's end.
-- Without such a plan the quarter has none, because a later plan does not show what was
-- planned then. If a later plan that would be the quarter's is on hold, its day is also
-- here.

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
        cast(extracted_at as date) as plan_date,
        false as is_held
    from {{ ref('int_deliveries') }}
    where extract = 'actions'
    union all
    select distinct
        force_code,
        cast(extracted_at as date) as plan_date,
        true as is_held
    from {{ ref('stg_register__loads') }}
    where extract = 'actions' and status = 'held'
),

quarters as (
    select
        quarter,
        max(date_day) as end_date
    from dates
    group by all
),

last_plans as (
    select
        quarters.quarter,
        plans.force_code,
        max(plans.plan_date) filter (where not plans.is_held) as plan_as_at_date,
        max(plans.plan_date) filter (where plans.is_held) as last_held_date
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
),

plan_dates as (
    select
        quarter,
        force_code,
        plan_as_at_date,
        case
            when last_held_date >= coalesce(plan_as_at_date, last_held_date)
                then last_held_date
        end as held_plan_date
    from last_plans
)

select * from plan_dates
