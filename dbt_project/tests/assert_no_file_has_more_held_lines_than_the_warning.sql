-- Warns if many lines of a file are held. If a file is above the limit, the run stops
-- (assert_no_file_has_more_held_lines_than_the_limit).

{{ config(
    severity='warn',
    meta={
        'dagster': {'ref': {'name': 'int_held_lines_by_file'}},
        'description': 'Every file has fewer held lines than the warning level in'
            ~ ' seeds/force/quarantine_thresholds.csv.',
        'remedy': 'Have each file corrected at its source and delivered again'
            ~ ' under a later time. Until then, no figure counts these lines.'
            ~ ' marts.fct_quarantined_lines has every line and its reasons.',
    },
) }}

with

held_lines as (
    select * from {{ ref('int_held_lines_by_file') }}
    where is_above_warning and not is_above_limit
),

in_words as (
    select * from {{ ref('int_held_files_in_words') }}
),

files as (
    select
        held_lines.load_id,
        held_lines.file_name,
        held_lines.held_line_count,
        held_lines.lines_delivered,
        in_words.reasons,
        in_words.example_lines
    from held_lines
    inner join in_words on held_lines.load_id = in_words.load_id
)

select * exclude (load_id)
from files
order by load_id desc
