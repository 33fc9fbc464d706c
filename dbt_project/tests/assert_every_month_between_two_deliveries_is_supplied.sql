-- Warns if a month between two deliveries is missing. A gap before a cut-off is
-- reported by assert_expected_deliveries_have_arrived.

{{ config(
    severity='warn',
    meta={
        'dagster': {'ref': {'name': 'int_supply_notes'}},
        'description': 'Every extract shows every month of the reports between its'
            ~ ' first and its last delivery.',
        'remedy': 'Ask for the missing files, or accept those that are on hold, and'
            ~ ' run again. If a month is complete without them, confirm it in'
            ~ ' config/supply_confirmed.csv of the data home. Until then, its figures'
            ~ ' are not available.',
    },
) }}

with

supply_notes as (
    select * from {{ ref('int_supply_notes') }}
    where is_missing
),

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
    where not is_supplied
),

missing_months as (
    select
        supply_notes.force_code,
        supply_notes.extract,
        min(supplied_months.month) as first_month,
        max(supplied_months.month) as last_month,
        count(distinct supplied_months.month) as month_count,
        supply_notes.reason_code
    from supply_notes
    inner join supplied_months
        on supply_notes.force_code = supplied_months.force_code
        and supply_notes.extract = supplied_months.extract
        and supplied_months.month
        between supply_notes.first_month and supply_notes.last_month
    group by
        supply_notes.force_code, supply_notes.extract, supply_notes.reason_code
)

select * from missing_months
order by last_month desc, extract asc
