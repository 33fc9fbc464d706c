-- With the deliveries up to its publication, a published figure is reproduced, or
-- published_differences.csv of the home has the reason for the difference. Later
-- changes are revisions, which this test does not check.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_published_reconciliation'}},
        'description': 'Every figure that the force published is reproduced, or'
            ~ ' its difference has a reason.',
        'remedy': 'Find out why the figure differs. If the difference is right,'
            ~ ' write its reason into config/published_differences.csv of the data'
            ~ ' home.',
    },
) }}

with

reconciliation as (
    select * from {{ ref('rpt_published_reconciliation') }}
)

select * from reconciliation
where is_as_published and reconciliation = 'differs' and reason_for_difference is null
