-- If too many lines of a file are held, the figures would mislead. Nothing is published
-- until the file is sent again, or its limit in seeds/force/quarantine_thresholds.csv
-- is changed.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'int_held_lines_by_file'}},
        'description': 'No file has more held lines than the limit in'
            ~ ' seeds/force/quarantine_thresholds.csv.',
        'remedy': 'Have each file corrected at its source and delivered again'
            ~ ' under a later time. Every line and its reasons are in'
            ~ ' marts.fct_quarantined_lines of the work file. If the lines may be'
            ~ ' left out of all figures, raise stop_lines or stop_share of the'
            ~ ' extract in config/quarantine_thresholds.csv of the data home.',
    },
) }}

with

held_lines as (
    select * from {{ ref('int_held_lines_by_file') }}
    where is_above_limit
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
