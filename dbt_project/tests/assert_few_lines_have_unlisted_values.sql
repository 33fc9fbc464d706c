-- An unlisted value must be added to its list, or corrected at its source.
-- seeds/force/unknown_value_thresholds.csv has the number of lines above which a run
-- warns.
{{ config(
    severity='warn',
    meta={
        'dagster': {'ref': {'name': 'fct_unknown_values'}},
        'description': 'Unlisted values appear on fewer lines than the limit in'
            ~ ' seeds/force/unknown_value_thresholds.csv.',
        'remedy': 'Add the value to its list in config/ of the home, or have it'
            ~ ' corrected at its source and delivered again. Until then its lines'
            ~ ' count as not recognised, or are held. In the open data, lines of an'
            ~ ' unknown police force count for the force in the name of their file,'
            ~ ' and a file of an unknown force is in no report.',
    },
) }}

with

unknown_values as (
    select * from {{ ref('fct_unknown_values') }}
)

select
    extract,
    force_code,
    extract_column,
    unlisted_value,
    close_to,
    counted_line_count,
    held_line_count
from unknown_values
where is_above_warning
order by
    last_seen_at desc, counted_line_count desc, extract asc, unlisted_value asc
