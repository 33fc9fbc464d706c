-- At risk is part of ongoing and is never added (I11 of the published report).

{{ config(meta={'dagster': {'ref': {'name': 'rpt_delivery_progress'}}}) }}

with

delivery_progress as (
    select * from {{ ref('rpt_delivery_progress') }}
)

select * from delivery_progress
where total <> complete + ongoing or at_risk > ongoing
