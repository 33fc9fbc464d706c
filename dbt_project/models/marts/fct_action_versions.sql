with

actions as (
    select * exclude (is_held, quarantine_reasons, line_text, delivered_text)
    from {{ ref('stg_force__actions') }}
),

quarantined as (
    select
        load_id,
        line
    from {{ ref('fct_quarantined_lines') }}
),

-- Two strategies can give one name to strands with different codes.
strands as (
    select
        strategies.force_code,
        strategies.start_date,
        strands.strand_code,
        strands.strand_name
    from {{ ref('strands') }} as strands
    inner join {{ ref('strategies') }} as strategies
        on strands.strategy_code = strategies.strategy_code
    union all by name
    select
        strand_code,
        strand_alias as strand_name
    from {{ ref('strand_aliases') }}
),

accepted as (
    select actions.*
    from actions
    anti join quarantined
        on actions._load_id = quarantined.load_id and actions._line = quarantined.line
),

-- A version is valid until the next version of its action, or until an extract no
-- longer contains the action.
dated as (
    select
        *,
        row_number() over versions as version_number,
        lead(_extracted_at) over versions as valid_to
    from accepted
    window versions as (
        partition by _force_code, action_id order by _extracted_at, _load_id, _line
    )
),

named as (
    select
        dated.action_id,
        dated.version_number,
        dated._force_code as force_code,
        strands.strand_code,
        dated.action_title,
        dated.owner_role,
        dated.action_status,
        dated.at_risk_reason,
        dated.mitigation,
        dated.is_at_risk,
        dated.valid_to is null as is_current,
        dated.start_date,
        dated.due_date,
        dated.completed_date,
        dated._extracted_at as valid_from,
        dated.valid_to,
        dated._load_id as load_id,
        dated._line as line
    from dated
    inner join strands
        on dated.strand_name = strands.strand_name
        and dated._force_code = coalesce(strands.force_code, dated._force_code)
    where not dated._is_closing
    -- The force's own strategy comes first, then the one that had begun last.
    qualify
        row_number() over (
            partition by dated._force_code, dated.action_id, dated.version_number
            order by
                strands.force_code is null,
                strands.start_date > dated._extracted_at,
                strands.start_date desc nulls last
        ) = 1
)

select * from named
