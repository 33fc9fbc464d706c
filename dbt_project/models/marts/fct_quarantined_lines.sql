-- Lines that break their contract, with their resolution. The next row with the same
-- key decides whether a line is still held.

with

held as (
    select * from {{ ref('int_held_lines') }}
),

loads as (
    select * from {{ ref('stg_register__loads') }}
),

extracts as (
    select * from {{ ref('extracts') }}
),

held_keys as (
    select distinct
        extract,
        line_key
    from held
    where line_key is not null
),

rows_of_keys as (
    {{ rows_of_keys('held_keys') }}
),

-- One state per key and file: if a file contains a key twice, all its lines are held.
states as (
    select
        rows_of_keys.extract,
        rows_of_keys.force_code,
        rows_of_keys.line_key,
        rows_of_keys.load_id,
        rows_of_keys.extracted_at,
        case
            when bool_or(rows_of_keys.is_closing) then 'withdrawn'
            when bool_or(held.load_id is not null) then 'replaced'
            else 'released'
        end as resolution
    from rows_of_keys
    left join held
        on rows_of_keys.load_id = held.load_id and rows_of_keys.line = held.line
    group by all
),

-- A line without a key is only resolved by the next full extract.
states_without_key as (
    select
        loads.extract,
        loads.force_code,
        cast(null as varchar) as line_key,
        loads.load_id,
        loads.extracted_at,
        'withdrawn' as resolution
    from loads
    inner join extracts on loads.extract = extracts.extract
    where extracts.delivery = 'full' and loads.status = 'loaded'
),

all_states as (
    select * from states
    union all
    select * from states_without_key
),

-- If `state_before` is `released`, an earlier line of the key is counted in the
-- meantime.
followed as (
    select
        *,
        lead(resolution) over versions as next_resolution,
        lead(load_id) over versions as next_load_id,
        lead(extracted_at) over versions as next_extracted_at,
        last_value(
            case when resolution <> 'replaced' then resolution end ignore nulls
        ) over versions as state_before,
        count(*) filter (where resolution <> 'replaced') over versions as held_run
    from all_states
    window versions as (
        partition by extract, force_code, line_key order by extracted_at, load_id
    )
),

-- A line is held since the first of the consecutive held lines of its key.
dated as (
    select
        *,
        min(extracted_at) filter (where resolution = 'replaced') over (
            partition by extract, force_code, line_key, held_run
        ) as held_since_at
    from followed
),

resolved as (
    select
        held.load_id,
        held.line,
        held.extract,
        loads.file_name,
        held.place,
        held.line_key,
        held.quarantine_reasons,
        held.line_text,
        coalesce(dated.next_resolution, 'open') as resolution,
        dated.next_load_id as resolved_by_load_id,
        dated.next_resolution is null as is_open,
        dated.next_resolution is null
        and coalesce(dated.state_before = 'released', false) as counts_as_before,
        held.extracted_at,
        coalesce(dated.held_since_at, held.extracted_at) as held_since_at,
        dated.next_extracted_at as resolved_at
    from held
    inner join loads on held.load_id = loads.load_id
    left join dated
        on held.load_id = dated.load_id
        and held.extract = dated.extract
        and lower(held.line_key) is not distinct from dated.line_key
)

select * from resolved
