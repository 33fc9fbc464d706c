-- Counts of the delivery plan by strand, the days of its actions, and its held lines.

with

plan_strands as (
    select * from {{ ref('int_plan_strands') }}
),

actions as (
    select * from {{ ref('int_report_actions') }}
    where missing_plan is null
),

held_line_rows as (
    select * from {{ ref('int_plan_rows') }}
    where measure_code = 'held_lines'
),

by_strand as (
    select distinct
        force_code,
        unnest([
            'plan_actions_total',
            'plan_actions_complete',
            'plan_actions_ongoing',
            'plan_actions_at_risk'
        ]) as measure_code,
        if(is_total, null, 'strand') as breakdown,
        if(is_total, null, strand) as category,
        plan_day as first_day,
        plan_day as last_day,
        unnest([total, complete, ongoing, at_risk]) as value
    from plan_strands
),

overdue as (
    select distinct
        force_code,
        'days_overdue' as measure_code,
        'action' as breakdown,
        action_id as category,
        plan_as_at_date as first_day,
        plan_as_at_date as last_day,
        days_overdue as value
    from actions
    where days_overdue > 0
),

slipped as (
    select distinct
        force_code,
        'days_slipped' as measure_code,
        'action' as breakdown,
        action_id as category,
        plan_as_at_date as first_day,
        plan_as_at_date as last_day,
        previous_plan_as_at_date as base_first_day,
        previous_plan_as_at_date as base_last_day,
        days_slipped as value
    from actions
    where days_slipped > 0
),

held_lines as (
    select
        force_code,
        measure_code,
        breakdown,
        category,
        first_day,
        last_day,
        held_line_count as value
    from held_line_rows
),

together as (
    select * from by_strand
    union all by name
    select * from overdue
    union all by name
    select * from slipped
    union all by name
    select * from held_lines
),

of_the_force as (
    select
        * replace (cast(value as decimal(18, 3)) as value),
        'force' as area_level,
        force_code as area_code,
        'count' as statistic
    from together
)

select * from of_the_force
