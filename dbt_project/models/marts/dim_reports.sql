-- A force can report a quarter if the quarter's last month was supplied. Beside its own
-- quarter, each report has those before and after it, and the plan of the one before.

with

dates as (
    select * from {{ ref('dim_dates') }}
),

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
    where is_supplied
),

measures as (
    select * from {{ ref('dim_measures') }}
),

supplementary_measures as (
    select * from {{ ref('supplementary_measures') }}
),

loads as (
    select * from {{ ref('stg_register__loads') }}
    where status = 'loaded'
),

calendar as (
    select * from {{ ref('reporting_calendar') }}
),

strategies as (
    select * from {{ ref('strategies') }}
),

forces as (
    select * from {{ ref('forces') }}
),

plan_dates as (
    select * from {{ ref('int_plan_dates') }}
),

quarters as (
    select
        quarter,
        quarter_label,
        min(date_day) as quarter_start_date,
        max(date_day) as quarter_end_date
    from dates
    group by all
),

with_neighbours as (
    select
        *,
        lag(quarter) over in_order as previous_quarter,
        lag(quarter_label) over in_order as previous_quarter_label,
        lead(quarter_start_date) over in_order as next_start_date,
        lead(quarter_end_date) over in_order as next_end_date
    from quarters
    window in_order as (order by quarter_start_date)
),

-- Only extracts that a report needs, not the supplementary ones.
needed as (
    select distinct measures.source_extract as extract
    from measures
    anti join supplementary_measures
        on measures.measure_code = supplementary_measures.measure_code
),

supplied as (
    select
        supplied_months.force_code,
        min(supplied_months.month) as first_supplied_month,
        max(supplied_months.month) as last_supplied_month
    from supplied_months
    semi join needed on supplied_months.extract = needed.extract
    group by all
),

made_from as (
    select
        force_code,
        max(origin) as origin,
        max(extracted_at) as latest_extracted_at
    from loads
    group by all
),

reportable as (
    select
        with_neighbours.*,
        supplied.force_code,
        supplied.first_supplied_month,
        supplied.last_supplied_month,
        calendar.cut_off_date
    from with_neighbours
    inner join supplied
        on with_neighbours.quarter_end_date
        between supplied.first_supplied_month and last_day(supplied.last_supplied_month)
    left join calendar
        on supplied.force_code = calendar.force_code
        and with_neighbours.quarter = calendar.quarter
),

described as (
    select
        reportable.quarter,
        reportable.force_code,
        strategies.strategy_code,
        strategies.strategy_name,
        forces.force_name,
        reportable.quarter_label,
        reportable.previous_quarter,
        reportable.previous_quarter_label,
        made_from.origin,
        reportable.quarter_start_date,
        reportable.quarter_end_date,
        reportable.next_start_date,
        reportable.next_end_date,
        reportable.first_supplied_month,
        reportable.last_supplied_month,
        reportable.cut_off_date,
        plan_dates.plan_as_at_date,
        made_from.latest_extracted_at
    from reportable
    inner join forces on reportable.force_code = forces.force_code
    inner join made_from on reportable.force_code = made_from.force_code
    inner join strategies
        on (
            strategies.force_code is null
            or reportable.force_code = strategies.force_code
        )
        and reportable.quarter_start_date >= strategies.start_date
        and (
            strategies.end_date is null
            or reportable.quarter_start_date <= strategies.end_date
        )
    left join plan_dates
        on reportable.quarter = plan_dates.quarter
        and reportable.force_code = plan_dates.force_code
    -- The force's own strategy takes precedence over the default.
    qualify
        rank() over (
            partition by reportable.force_code, reportable.quarter
            order by strategies.force_code is null
        ) = 1
),

with_previous_plan as (
    select
        described.*,
        previous_reports.plan_as_at_date as previous_plan_as_at_date
    from described
    left join described as previous_reports
        on described.previous_quarter = previous_reports.quarter
        and described.force_code = previous_reports.force_code
)

select * from with_previous_plan
