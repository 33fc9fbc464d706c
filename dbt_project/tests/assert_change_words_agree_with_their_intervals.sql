-- The word agrees with the figures beside it (I20 to I22 of the published report): a
-- change is higher or lower only if the printed range does not include 0.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_change_intervals'}},
        'description': 'A change is called higher or lower only if its range'
            ~ ' does not include no change.',
        'remedy': 'Correct the rule in'
            ~ ' dbt_project/models/reporting/comparisons/rpt_change_intervals.sql'
            ~ ' or the wording in seeds/layout/wordings.csv.',
    },
) }}

with

change_intervals as (
    select * from {{ ref('rpt_change_intervals') }}
    where change_word is not null and range_lower_pct is not null
),

wrong as (
    select * from change_intervals
    where
        change_word is distinct from case
            when range_lower_pct > 0 then {{ wording("'change_higher'") }}
            when range_upper_pct < 0 then {{ wording("'change_lower'") }}
            when change_word = {{ wording("'change_uneven'") }} then change_word
            else {{ wording("'change_no_clear_change'") }}
        end
)

select * from wrong
