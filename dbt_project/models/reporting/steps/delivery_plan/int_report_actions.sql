-- The actions for the lists of actions. If a plan is missing, one row says so, so that
-- the list does not look like an empty one.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

neighbours as (
    select * from {{ ref('int_report_neighbours') }}
),

strands as (
    select * from {{ ref('dim_strands') }}
),

plan_actions as (
    select * from {{ ref('fct_plan_actions') }}
),

named as (
    select
        plan_actions.* replace (
            {{ shown_text('action_title', 'action_id') }} as action_title,
            coalesce(
                {{ shown_text('owner_role', wording("'text_not_shown'")) }},
                {{ wording("'no_owner'") }}
            ) as owner_role,
            {{ shown_text('at_risk_reason', wording("'text_not_shown'")) }}
                as at_risk_reason,
            {{ shown_text('mitigation', wording("'text_not_shown'")) }}
                as mitigation
        ),
        strands.strand_name as strand,
        strands.strand_position,
        null as missing_plan
    from plan_actions
    inner join reports using (quarter, force_code)
    inner join strands using (strategy_code, strand_code)
),

this_plan_missing as (
    select
        quarter,
        force_code,
        {{ wording("'all_strands'") }} as strand,
        'this' as missing_plan
    from neighbours
    where plan_as_at_date is null
),

comparison_missing as (
    select
        quarter,
        force_code,
        {{ wording("'all_strands'") }} as strand,
        'this_or_last' as missing_plan
    from neighbours
    where plan_as_at_date is null or previous_plan_as_at_date is null
),

together as (
    select * from named
    union all by name
    select * from this_plan_missing
    union all by name
    select * from comparison_missing
),

with_status as (
    select
        *,
        {{ status('missing_plan is null') }} as status
    from together
)

select * from with_status
