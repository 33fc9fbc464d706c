-- A line that cannot be split into its columns is not in the quarantine, and no figure
-- counts it.

{{ config(
    severity='warn',
    meta={
        'dagster': {'ref': {'name': 'int_unreadable_lines_by_file'}},
        'description': 'Every file has fewer unreadable lines than the warning level'
            ~ ' in seeds/force/quarantine_thresholds.csv.',
        'remedy': 'Have each line corrected at its source and delivered again under a'
            ~ ' later time. Until then it is in no figure. raw.unreadable_lines has'
            ~ ' every line and its reason.',
    },
) }}

select * exclude (load_id, is_above_warning, is_above_limit)
from {{ ref('int_unreadable_lines_by_file') }}
where is_above_warning
order by load_id desc
