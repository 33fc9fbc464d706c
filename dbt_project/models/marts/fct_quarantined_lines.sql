-- Lines that break their contract, and what became of each: the next row of its key
-- says whether it is still held.

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

-- A key that stands twice in a file is held on every line of it: one state per file.
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

-- Without a key, only the next full extract says that a line is gone.
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

-- Where the state before is `released`, an earlier line of the key counts meanwhile.
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

-- Held since the first of an unbroken run of lines that were held.
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
