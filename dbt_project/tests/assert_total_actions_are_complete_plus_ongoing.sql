-- Actions at risk are ongoing actions, so they are not added (I11 of the published
-- report).

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_cells'}},
        'description': 'Total actions are complete plus ongoing actions, and those'
            ~ ' at risk are part of the ongoing ones.',
        'remedy': 'Correct'
            ~ ' dbt_project/models/reporting/steps/delivery_plan/int_plan_strands.sql.'
            ~ ' Each action is either complete or ongoing.',
    },
) }}

with

delivery_progress as (
    {{ rows_with_figures('delivery_progress', {
        'total': 'bigint',
        'complete': 'bigint',
        'ongoing': 'bigint',
        'at_risk': 'bigint',
    }) }}
)

select * from delivery_progress
where total <> complete + ongoing or at_risk > ongoing
