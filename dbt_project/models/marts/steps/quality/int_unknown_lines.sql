-- Unlisted values on lines that still count or are still held. A line is left out once
-- a later line with the same key is accepted, or a full extract no longer has the key.

with

unknown_values as (
    select * from {{ ref('int_unknown_values') }}
),

held_lines as (
    select * from {{ ref('int_held_lines') }}
),

quarantined_lines as (
    select * from {{ ref('fct_quarantined_lines') }}
    where is_open
),

keys as (
    select distinct
        extract,
        line_key
    from unknown_values
    where line_key is not null
),

rows_of_keys as (
    {{ rows_of_keys('keys') }}
),

-- The current row of each key: the last one that keeps its contract.
standing as (
    select rows_of_keys.*
    from rows_of_keys
    anti join held_lines
        on rows_of_keys.load_id = held_lines.load_id
        and rows_of_keys.line = held_lines.line
    qualify
        row_number() over (
            partition by
                rows_of_keys.extract, rows_of_keys.force_code, rows_of_keys.line_key
            order by
                rows_of_keys.extracted_at desc,
                rows_of_keys.load_id desc,
                rows_of_keys.line desc
        ) = 1
),

judged as (
    select
        unknown_values.extract,
        unknown_values.force_code,
        unknown_values.load_id,
        unknown_values.line,
        unknown_values.column_name,
        unknown_values.value,
        standing.load_id is not null as is_counted,
        quarantined_lines.load_id is not null as is_held,
        unknown_values.extracted_at
    from unknown_values
    left join standing
        on unknown_values.load_id = standing.load_id
        and unknown_values.line = standing.line
    left join quarantined_lines
        on unknown_values.load_id = quarantined_lines.load_id
        and unknown_values.line = quarantined_lines.line
),

still_there as (
    select * from judged
    where is_counted or is_held
)

select * from still_there
