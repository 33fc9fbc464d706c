-- Delivered values that are in no list. They do not become a default value.

with

unknown_lines as (
    select * from {{ ref('int_unknown_lines') }}
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
        counted.column_name,
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
