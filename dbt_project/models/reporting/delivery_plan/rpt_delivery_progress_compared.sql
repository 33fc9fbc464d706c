-- Last quarter's table beside this one's, each as it stood at its own cut-off.

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

beside as (
    select
        quarter,
        force_code,
        row_number() over (
            partition by quarter, force_code
            order by is_total, strand_position, strand, plan_position
        ) as row_position,
        strand,
        plan_quarter,
        plan_as_at_date,
        total,
        complete,
        ongoing,
        at_risk,
        {{ status('is_available') }} as status
    from together
)

select * from beside
