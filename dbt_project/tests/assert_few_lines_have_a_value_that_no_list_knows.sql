-- A value that no list knows is added to its list, or corrected where it came from. How
-- many lines may have it before a run warns stands in
-- seeds/unknown_value_thresholds.csv.

{{ config(
    severity='warn',
    meta={
        'dagster': {'ref': {'name': 'fct_unknown_values'}},
        'description': 'No value that no list knows stands on as many lines as'
            ~ ' seeds/unknown_value_thresholds.csv warns of.',
        'remedy': 'Add the value to its list in seeds/, or have it put right at its'
            ~ ' source and delivered again. Until then its lines count as not'
            ~ ' recognised, or are held.',
    },
) }}

with

unknown_values as (
    select * from {{ ref('fct_unknown_values') }}
)

select
    extract,
    force_code,
    column_name,
    value,
    close_to,
    counted_line_count,
    held_line_count
from unknown_values
where is_above_warning
