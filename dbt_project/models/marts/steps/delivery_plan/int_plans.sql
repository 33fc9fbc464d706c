-- The delivery plan of each quarter: the version of every action at the cut-off.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

action_versions as (
    select * from {{ ref('fct_action_versions') }}
),

at_cut_off as (
    select
        reports.quarter,
        reports.force_code,
        reports.start_date as quarter_start_date,
        reports.end_date as quarter_end_date,
        reports.plan_as_at_date,
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
)

select * from at_cut_off
