-- The deliveries that are evidence for their months: they are loaded, and at least a
-- third of their lines are accepted. A file with only a header is not evidence, nor is
-- a file with nearly all lines held or unreadable.

with

loads as (
    select * from {{ ref('stg_register__loads') }}
    where status = 'loaded' and month is null
),

quarantined_lines as (
    select * from {{ ref('fct_quarantined_lines') }}
),

extracts as (
    select * from {{ ref('extracts') }}
),

-- A held line counts as accepted if the last line of its key is accepted.
lines as (
    select
        quarantined_lines.load_id,
        bool_or(quarantined_lines.is_open) over (
            partition by
                loads.force_code,
                loads.extract,
                coalesce(
                    quarantined_lines.line_key,
                    concat(loads.load_id, '/', quarantined_lines.line)
                )
        ) as is_held
    from quarantined_lines
    inner join loads on quarantined_lines.load_id = loads.load_id
),

held as (
    select
        load_id,
        count(*) as line_count
    from lines
    where is_held
    group by all
),

moments as (
    select
        loads.force_code,
        loads.extract,
        loads.extracted_at,
        sum(loads.lines_delivered) as lines_delivered,
        sum(
            loads.lines_delivered
            - loads.lines_unreadable
            - coalesce(held.line_count, 0)
        ) as lines_accepted
    from loads
    left join held on loads.load_id = held.load_id
    group by all
),

followed as (
    select
        moments.force_code,
        moments.extract,
        extracts.delivery,
        extracts.cadence_days,
        moments.extracted_at,
        lead(moments.extracted_at) over (
            partition by moments.force_code, moments.extract
            order by moments.extracted_at
        ) as next_extracted_at
    from moments
    inner join extracts on moments.extract = extracts.extract
    where
        moments.lines_accepted > 0
        and moments.lines_accepted
        >= moments.lines_delivered * {{ supply_rule('thin_share') }}
)

select * from followed
