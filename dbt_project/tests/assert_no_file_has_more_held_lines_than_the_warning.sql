-- Warns if many lines of a file are held. If a file is above the limit, the run stops
-- (assert_no_file_has_more_held_lines_than_the_limit).

{{ config(
    severity='warn',
    meta={
        'dagster': {'ref': {'name': 'int_lines_left_out'}},
        'description': 'Every file has fewer held lines than the warning level in'
            ~ ' seeds/force/quarantine_thresholds.csv.',
        'remedy': 'Have each file corrected at its source and delivered again'
            ~ ' under a later time. Until then, no figure counts these lines.'
            ~ ' marts.fct_quarantined_lines has every line and its reasons.',
    },
) }}

select
    file_name,
    held_line_count,
    lines_delivered,
    reasons,
    example_lines
from {{ ref('int_lines_left_out') }}
where is_held_above_warning and not is_held_above_limit
order by load_id desc
