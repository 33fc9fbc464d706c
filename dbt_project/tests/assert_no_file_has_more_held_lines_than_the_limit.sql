-- If too many lines of a file are held, the figures would mislead. Nothing is published
-- until the file is sent again, or its limit in seeds/force/quarantine_thresholds.csv
-- is changed.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'int_lines_left_out'}},
        'description': 'No file has more held lines than the limit in'
            ~ ' seeds/force/quarantine_thresholds.csv.',
        'remedy': 'Have each file corrected at its source and delivered again'
            ~ ' under a later time. Every line and its reasons are in'
            ~ ' marts.fct_quarantined_lines of the work file. If the lines may be'
            ~ ' left out of all figures, raise stop_lines or stop_share of the'
            ~ ' extract in config/quarantine_thresholds.csv of the data home.',
    },
) }}

select
    file_name,
    held_line_count,
    lines_delivered,
    reasons,
    example_lines
from {{ ref('int_lines_left_out') }}
where is_held_above_limit
order by load_id desc
