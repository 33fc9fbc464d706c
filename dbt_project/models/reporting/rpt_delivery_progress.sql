-- The delivery plan as it stood at the quarter's cut-off.

with

progress as (
    select * from {{ ref('int_plan_progress') }}
),

with_status as (
    select
        quarter,
        force_code,
        strand_position as row_position,
        strand,
        total,
        complete,
        ongoing,
        at_risk,
        {{ status('is_available') }} as status
    from progress
)

select * from with_status
