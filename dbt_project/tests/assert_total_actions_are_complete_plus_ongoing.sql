-- At risk is part of ongoing and is never added (I11 of the published report).

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_delivery_progress'}},
        'description': 'Total actions are complete plus ongoing actions, and those'
            ~ ' at risk are part of the ongoing ones.',
        'remedy': 'Correct'
            ~ ' dbt_project/models/intermediate/delivery_plan/int_plan_progress.sql.'
            ~ ' Each action is either complete or ongoing.',
    },
) }}

with

delivery_progress as (
    select * from {{ ref('rpt_delivery_progress') }}
)

select * from delivery_progress
where total <> complete + ongoing or at_risk > ongoing
