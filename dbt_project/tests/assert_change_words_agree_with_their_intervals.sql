-- The word against the figures beside it (I20 to I22 of the published report): higher
-- or lower only where the printed interval holds no 1.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_change_intervals'}},
        'description': 'The word of a change is higher or lower only where the'
            ~ ' interval beside it holds no 1.',
        'remedy': 'Correct the rule of the word in'
            ~ ' dbt_project/models/reporting/comparisons/rpt_change_intervals.sql'
            ~ ' or the wording in seeds/wordings.csv.',
    },
) }}

with

change_intervals as (
    select * from {{ ref('rpt_change_intervals') }}
    where ratio is not null
),

wrong as (
    select * from change_intervals
    where
        change_word is distinct from case
            when ratio_lower > 1 then {{ wording("'change_higher'") }}
            when ratio_upper < 1 then {{ wording("'change_lower'") }}
            else {{ wording("'change_no_clear_change'") }}
        end
        or not ratio between ratio_lower and ratio_upper
)

select * from wrong
