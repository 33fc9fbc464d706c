-- No figure counts an unreadable line, as with a held line, so the same limit applies.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'int_lines_left_out'}},
        'description': 'No file has more unreadable lines than the limit in'
            ~ ' seeds/force/quarantine_thresholds.csv.',
        'remedy': 'Have each file corrected at its source and delivered again'
            ~ ' under a later time. raw.unreadable_lines has every line and its'
            ~ ' reason. If the lines may be left out of all figures, raise'
            ~ ' stop_lines or stop_share of the extract in'
            ~ ' config/quarantine_thresholds.csv of the data home.',
    },
) }}

select
    file_name,
    lines_unreadable,
    lines_delivered,
    first_line,
    first_reason
from {{ ref('int_lines_left_out') }}
where is_unreadable_above_limit
order by load_id desc
