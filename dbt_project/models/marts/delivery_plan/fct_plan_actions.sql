-- The plan at each quarter's cut-off, with each action's values in last quarter's plan.

with

plans as (
    select * from {{ ref('int_plans') }}
),

neighbours as (
    select * from {{ ref('int_report_neighbours') }}
    where plan_as_at_date is not null
),

plans_by_quarter as (
    select
        quarter as plan_quarter,
        * exclude (quarter)
    from plans
),

-- Last quarter's plan, with this quarter in the column `quarter`.
previous_plans as (
    select
        neighbours.quarter,
        plans_by_quarter.*
    from neighbours
    inner join plans_by_quarter
        on neighbours.previous_quarter = plans_by_quarter.plan_quarter
        and neighbours.force_code = plans_by_quarter.force_code
),

named as (
    select
        quarter,
        force_code,
        action_id
    from plans
    union
    select
        quarter,
        force_code,
        action_id
    from previous_plans
),

beside as (
    select
        named.quarter,
        named.force_code,
        named.action_id,
        coalesce(plans.strand_code, previous_plans.strand_code) as strand_code,
        coalesce(plans.action_title, previous_plans.action_title) as action_title,
        plans.owner_role,
        plans.action_status,
        previous_plans.action_status as previous_action_status,
        plans.at_risk_reason,
        plans.mitigation,
        plans.action_id is not null as is_in_plan,
        case
            when neighbours.previous_plan_as_at_date is not null
                then previous_plans.action_id is not null
        end as was_in_plan,
        plans.is_at_risk,
        previous_plans.is_at_risk as was_at_risk,
        plans.start_date,
        plans.due_date,
        previous_plans.due_date as previous_due_date,
        plans.completed_date,
        neighbours.start_date as quarter_start_date,
        neighbours.end_date as quarter_end_date,
        neighbours.next_start_date,
        neighbours.next_end_date,
        neighbours.plan_as_at_date,
        neighbours.previous_plan_as_at_date
    from named
    inner join neighbours using (quarter, force_code)
    left join plans using (quarter, force_code, action_id)
    left join previous_plans using (quarter, force_code, action_id)
),

judged as (
    select
        quarter,
        force_code,
        action_id,
        strand_code,
        action_title,
        owner_role,
        action_status,
        previous_action_status,
        at_risk_reason,
        mitigation,
        case
            when action_status = 'Ongoing' and due_date < plan_as_at_date
                then plan_as_at_date - due_date
        end as days_overdue,
        case
            when due_date > previous_due_date then due_date - previous_due_date
        end as days_slipped,
        is_in_plan,
        was_in_plan,
        is_at_risk,
        was_at_risk,
        action_status = 'Complete'
        and completed_date between quarter_start_date and quarter_end_date
            as is_delivered,
        action_status = 'Ongoing'
        and due_date between next_start_date and next_end_date as is_scheduled,
        action_status = 'Ongoing' and owner_role is null as is_without_owner,
        start_date,
        due_date,
        previous_due_date,
        completed_date,
        plan_as_at_date,
        previous_plan_as_at_date
    from beside
)

select * from judged
