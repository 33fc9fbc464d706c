-- A line that cannot be split into its columns is not in the quarantine, and no figure
-- counts it.

{{ config(
    severity='warn',
    meta={
        'dagster': {'ref': {'name': 'int_lines_left_out'}},
        'description': 'Every file has fewer unreadable lines than the warning level'
            ~ ' in seeds/force/quarantine_thresholds.csv.',
        'remedy': 'Have each line corrected at its source and delivered again under a'
            ~ ' later time. Until then it is in no figure. raw.unreadable_lines has'
            ~ ' every line and its reason.',
    },
) }}

select
    file_name,
    lines_unreadable,
    lines_delivered,
    first_line,
    first_reason
from {{ ref('int_lines_left_out') }}
where is_unreadable_above_warning
order by load_id desc
