-- Each report's plan by strand and the previous quarter's, each as at its own cut-off.
-- A missing plan has rows too, so that it does not look like an empty one.

with

neighbours as (
    select * from {{ ref('int_report_neighbours') }}
),

progress as (
    select * from {{ ref('int_plan_progress') }}
),

plans as (
    select
        quarter as progress_quarter,
        force_code as progress_force_code,
        * exclude (quarter, force_code)
    from progress
),

this_quarter as (
    select
        neighbours.quarter,
        neighbours.force_code,
        2 as plan_position,
        neighbours.quarter_label as plan_quarter,
        neighbours.end_date as plan_quarter_end,
        plans.*
    from neighbours
    inner join plans
        on neighbours.quarter = plans.progress_quarter
        and neighbours.force_code = plans.progress_force_code
),

last_quarter as (
    select
        neighbours.quarter,
        neighbours.force_code,
        1 as plan_position,
        neighbours.previous_quarter_label as plan_quarter,
        neighbours.start_date - 1 as plan_quarter_end,
        plans.*
    from neighbours
    inner join plans
        on neighbours.previous_quarter = plans.progress_quarter
        and neighbours.force_code = plans.progress_force_code
),

no_last_quarter as (
    select
        this_quarter.quarter,
        this_quarter.force_code,
        1 as plan_position,
        neighbours.previous_quarter_label as plan_quarter,
        neighbours.start_date - 1 as plan_quarter_end,
        this_quarter.strand_position,
        this_quarter.strand,
        this_quarter.is_total,
        false as is_available
    from this_quarter
    inner join neighbours using (quarter, force_code)
    anti join last_quarter using (quarter, force_code)
),

together as (
    select * from this_quarter
    union all by name
    select * from last_quarter
    union all by name
    select * from no_last_quarter
),

with_days as (
    select
        *,
        coalesce(plan_as_at_date, plan_quarter_end) as plan_day
    from together
)

select * from with_days
