-- The word of a change agrees with its figures (I20 to I22 of the published report): it
-- is higher or lower only if the printed range does not include 0.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_cells'}},
        'description': 'A change is called higher or lower only if its range'
            ~ ' does not include 0.',
        'remedy': 'Correct the rule in'
            ~ ' dbt_project/models/marts/steps/comparisons/int_change_intervals.sql.',
    },
) }}

with

change_intervals as (
    select
        quarter,
        force_code,
        row_key,
        max(change_code) filter (where column_name = 'change_word') as change_code,
        max(figure_value) filter (where column_name = 'range_lower_pct')
            as range_lower_pct,
        max(figure_value) filter (where column_name = 'range_upper_pct')
            as range_upper_pct
    from {{ ref('rpt_cells') }}
    where table_name = 'change_intervals'
    group by all
    having change_code is not null and range_lower_pct is not null
),

wrong as (
    select * from change_intervals
    where
        change_code is distinct from case
            when range_lower_pct > 0 then 'higher'
            when range_upper_pct < 0 then 'lower'
            when change_code = 'uneven' then change_code
            else 'no_clear_change'
        end
)

select * from wrong
