-- At risk is part of ongoing and is never added (I11 of the published report).

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_delivery_progress'}},
        'description': 'Total actions are complete plus ongoing; those at risk are'
            ~ ' part of ongoing.',
        'remedy': 'Correct'
            ~ ' dbt_project/models/intermediate/delivery_plan/int_plan_progress.sql;'
            ~ ' each action is complete or ongoing.',
    },
) }}

with

delivery_progress as (
    select * from {{ ref('rpt_delivery_progress') }}
)

select * from delivery_progress
where total <> complete + ongoing or at_risk > ongoing
