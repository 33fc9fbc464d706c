-- No figure counts an unreadable line, as with a held line, so the same limit applies.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'int_unreadable_lines_by_file'}},
        'description': 'No file has more unreadable lines than the limit in'
            ~ ' seeds/force/quarantine_thresholds.csv.',
        'remedy': 'Have each file corrected at its source and delivered again'
            ~ ' under a later time. raw.unreadable_lines has every line and its'
            ~ ' reason. If the lines may be left out of all figures, raise'
            ~ ' stop_lines or stop_share of the extract in'
            ~ ' config/quarantine_thresholds.csv of the data home.',
    },
) }}

select * exclude (load_id, is_above_warning, is_above_limit)
from {{ ref('int_unreadable_lines_by_file') }}
where is_above_limit
order by load_id desc
