-- The word agrees with the figures beside it (I20 to I22 of the published report): a
-- change is higher or lower only if the printed interval does not include 1.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_change_intervals'}},
        'description': 'A change is called higher or lower only if its interval'
            ~ ' does not include 1.',
        'remedy': 'Correct the rule in'
            ~ ' dbt_project/models/reporting/comparisons/rpt_change_intervals.sql'
            ~ ' or the wording in seeds/layout/wordings.csv.',
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
