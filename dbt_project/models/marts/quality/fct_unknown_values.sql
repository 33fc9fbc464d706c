-- Delivered values that are in no list. They do not become a default value. Of an
-- extract, a line is left out once a later line with the same key is accepted, or a
-- full extract no longer has the key.

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

open_values as (
    select * from {{ ref('int_unknown_open_values') }}
),

keywords as (
    select * from {{ ref('keywords') }}
),

thresholds as (
    select * from {{ ref('unknown_value_thresholds') }}
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

unknown_lines as (
    select
        unknown_values.*,
        standing.load_id is not null as is_counted,
        quarantined_lines.load_id is not null as is_held
    from unknown_values
    left join standing
        on unknown_values.load_id = standing.load_id
        and unknown_values.line = standing.line
    left join quarantined_lines
        on unknown_values.load_id = quarantined_lines.load_id
        and unknown_values.line = quarantined_lines.line
),

counted as (
    select
        extract,
        force_code,
        column_name,
        value,
        count(*) filter (where is_counted) as counted_line_count,
        count(*) filter (where is_held) as held_line_count,
        min(extracted_at) as first_seen_at,
        max(extracted_at) as last_seen_at
    from unknown_lines
    where is_counted or is_held
    group by all
    union all
    select
        extract,
        force_code,
        column_name,
        value,
        line_count as counted_line_count,
        0 as held_line_count,
        first_seen_at,
        last_seen_at
    from open_values
),

counted_words as (
    select distinct value
    from counted
    where column_name = 'keywords'
),

-- The known keyword that was probably meant: the word contains it, or differs from it
-- by one or two letters.
close_keywords as (
    select
        counted_words.value,
        string_agg(keywords.keyword, ', ' order by keywords.keyword) as close_to
    from counted_words
    inner join keywords
        on contains(
            {{ plain_name('counted_words.value') }},
            {{ plain_name('keywords.keyword') }}
        )
        or levenshtein(
            {{ plain_name('counted_words.value') }},
            {{ plain_name('keywords.keyword') }}
        ) <= 2
    group by all
),

judged as (
    select
        counted.extract,
        counted.force_code,
        counted.column_name as extract_column,
        counted.value as unlisted_value,
        case when counted.column_name = 'keywords' then close_keywords.close_to end
            as close_to,
        counted.counted_line_count,
        counted.held_line_count,
        counted.counted_line_count
        >= coalesce(own_threshold.warn_lines, common_threshold.warn_lines)
            as is_above_warning,
        counted.first_seen_at,
        counted.last_seen_at
    from counted
    inner join thresholds as common_threshold on common_threshold.extract = 'all'
    left join thresholds as own_threshold on counted.extract = own_threshold.extract
    left join close_keywords on counted.value = close_keywords.value
)

select * from judged
