with

crimes as (
    select * exclude (quarantine_reasons, line_text)
    from {{ ref('stg_force__crimes') }}
    where not _is_closing
),

quarantined as (
    select
        load_id,
        line
    from {{ ref('fct_quarantined_lines') }}
),

-- Read twice, the second time for its keys alone; kept whole it would fill memory.
accepted as not materialized (
    select crimes.*
    from crimes
    anti join quarantined
        on crimes._load_id = quarantined.load_id and crimes._line = quarantined.line
),

latest as (
    {{ latest_versions('accepted', 'crime_id') }}
)

select * from latest
