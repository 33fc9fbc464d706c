-- The delivery plan's actions as they stood at each quarter's cut-off.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

action_versions as (
    select * from {{ ref('fct_action_versions') }}
),

strands as (
    select * from {{ ref('dim_strands') }}
),

at_cut_off as (
    select
        reports.quarter,
        reports.force_code,
        strands.strand_code,
        strands.strand_name,
        strands.strand_position,
        action_versions.action_id,
        action_versions.action_title,
        action_versions.at_risk_reason,
        action_versions.mitigation,
        action_versions.action_status = 'Complete' as is_complete,
        action_versions.is_at_risk
    from reports
    inner join action_versions
        on reports.force_code = action_versions.force_code
        and cast(action_versions.valid_from as date) <= reports.plan_as_at_date
        and (
            action_versions.valid_to is null
            or cast(action_versions.valid_to as date) > reports.plan_as_at_date
        )
    inner join strands
        on reports.strategy_code = strands.strategy_code
        and action_versions.strand_code = strands.strand_code
)

select * from at_cut_off
