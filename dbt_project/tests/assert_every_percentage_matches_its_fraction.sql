-- Every percentage has a numerator and a denominator in its row, and equals their
-- quotient (I03, I04 and I05 of the published report).

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_cells'}},
        'description': "Every percentage equals its row's numerator divided by its"
            ~ ' denominator.',
        'remedy': 'Correct the model of the percentage in'
            ~ ' dbt_project/models/reporting/steps/figures/.',
    },
) }}

with

cells as (
    select * from {{ ref('rpt_cells') }}
    where number_format in ('pct', 'signed_pct') and figure_value is not null
),

recomputed as (
    select
        *,
        {{ percentage('figure_numerator', 'figure_denominator') }} as value_again
    from cells
),

wrong as (
    select * from recomputed
    where value_again is distinct from figure_value
)

select * from wrong
