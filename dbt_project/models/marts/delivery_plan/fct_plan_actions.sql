-- The delivery plan of each quarter: the version of every action at the cut-off, with
-- its values in last quarter's plan.

with

reports as (
    select * from {{ ref('dim_reports') }}
    where plan_as_at_date is not null
),

action_versions as (
    select * from {{ ref('fct_action_versions') }}
),

plans as (
    select
        reports.quarter,
        reports.force_code,
        action_versions.action_id,
        action_versions.strand_code,
        action_versions.action_title,
        action_versions.owner_role,
        action_versions.action_status,
        action_versions.at_risk_reason,
        action_versions.mitigation,
        action_versions.is_at_risk,
        action_versions.start_date,
        action_versions.due_date,
        action_versions.completed_date
    from reports
    inner join action_versions
        on reports.force_code = action_versions.force_code
        and cast(action_versions.valid_from as date) <= reports.plan_as_at_date
        and (
            action_versions.valid_to is null
            or cast(action_versions.valid_to as date) > reports.plan_as_at_date
        )
),

-- Last quarter's plan, with this quarter in the column `quarter`.
previous_plans as (
    select
        reports.quarter,
        reports.force_code,
        plans.action_id,
        plans.strand_code,
        plans.action_title,
        plans.action_status,
        plans.is_at_risk,
        plans.due_date
    from reports
    inner join plans
        on reports.previous_quarter = plans.quarter
        and reports.force_code = plans.force_code
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
            when reports.previous_plan_as_at_date is not null
                then previous_plans.action_id is not null
        end as was_in_plan,
        plans.is_at_risk,
        previous_plans.is_at_risk as was_at_risk,
        plans.start_date,
        plans.due_date,
        previous_plans.due_date as previous_due_date,
        plans.completed_date,
        reports.quarter_start_date,
        reports.quarter_end_date,
        reports.next_start_date,
        reports.next_end_date,
        reports.plan_as_at_date
    from named
    inner join reports using (quarter, force_code)
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
            when action_status = 'Ongoing' and due_date > previous_due_date
                then due_date - previous_due_date
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
        plan_as_at_date
    from beside
)

select * from judged
