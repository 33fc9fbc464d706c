with

loads as (
    select * from {{ ref('stg_register__loads') }}
),

quarantined_lines as (
    select * from {{ ref('fct_quarantined_lines') }}
),

-- Counted in raw and not read from the register, so that a test can compare the two.
lines_in_raw as (
    {{ union_extracts('_load_id as load_id', 'not _is_closing') }}
    union all
    select
        'police_uk_street' as extract,
        load_id
    from {{ ref('stg_police_uk__street') }}
    union all
    select
        'police_uk_outcomes' as extract,
        load_id
    from {{ ref('stg_police_uk__outcomes') }}
),

in_raw as (
    select
        load_id,
        count(*) as line_count
    from lines_in_raw
    group by all
),

quarantined as (
    select
        load_id,
        count(*) as line_count
    from quarantined_lines
    group by all
),

counted as (
    select
        loads.load_id,
        loads.force_code,
        loads.extract,
        loads.origin,
        loads.archive_name,
        loads.file_name,
        loads.sha256,
        loads.status as file_status,
        loads.message,
        loads.file_bytes,
        loads.lines_delivered,
        coalesce(in_raw.line_count, 0) - coalesce(quarantined.line_count, 0)
            as lines_accepted,
        loads.lines_unchanged,
        coalesce(quarantined.line_count, 0) as lines_quarantined,
        loads.lines_unreadable,
        loads.month as replaced_month,
        loads.extracted_at,
        loads.loaded_at
    from loads
    left join in_raw on loads.load_id = in_raw.load_id
    left join quarantined on loads.load_id = quarantined.load_id
),

-- Lines delivered must equal the sum of the others. Files that were not loaded, or were
-- removed again, have no lines in raw.
held_to_account as (
    select
        *,
        file_status <> 'loaded'
        or lines_delivered
        = lines_accepted + lines_unchanged + lines_quarantined + lines_unreadable
            as is_accounted_for
    from counted
)

select * from held_to_account
