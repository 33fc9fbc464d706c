-- The history of each action's status. Consecutive versions with the same status are
-- one row.

with

action_versions as (
    select * from {{ ref('fct_action_versions') }}
),

compared as (
    select
        *,
        lag(action_status) over versions as status_before,
        lag(is_at_risk) over versions as risk_before,
        lag(valid_to) over versions as ended_before
    from action_versions
    window versions as (partition by force_code, action_id order by version_number)
),

-- An action that left the plan and came back gets a new row.
numbered as (
    select
        *,
        sum(
            case
                when
                    action_status = status_before
                    and is_at_risk = risk_before
                    and valid_from = ended_before
                    then 0
                else 1
            end
        ) over (
            partition by force_code, action_id order by version_number
        ) as status_number
    from compared
),

spells as (
    select
        action_id,
        cast(status_number as bigint) as status_number,
        force_code,
        arg_max(strand_code, version_number) as strand_code,
        arg_max(action_title, version_number) as action_title,
        action_status,
        is_at_risk,
        bool_or(is_current) as is_current,
        min(valid_from) as valid_from,
        case when bool_and(valid_to is not null) then max(valid_to) end as valid_to
    from numbered
    group by all
)

select * from spells
