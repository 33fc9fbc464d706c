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

strands as (
    select distinct
        strand_code,
        strand_name
    from {{ ref('strands') }}
    union
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

-- A version holds until the next one of its action, or until an extract lacks it.
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
    inner join strands on dated.strand_name = strands.strand_name
    where not dated._is_closing
)

select * from named
