-- A cell without a figure is a mistake in the layout or in the models of the figures.
-- If data were not supplied, the figure exists and has no value. A figure may only be
-- absent before the measure's first month or after its last, if the force has no data
-- of the measure at all, or for an action of a missing plan.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_cells'}},
        'description': 'Every cell of every table shows a figure that exists.',
        'remedy': 'Correct the column in seeds/layout/column_figures.csv or the row'
            ~ ' of the table in seeds/layout/table_details.csv, or add the figure to'
            ~ ' the models in dbt_project/models/reporting/steps/figures/.',
    },
) }}

with

cells as (
    select * from {{ ref('rpt_cells') }}
),

figures as (
    select * from {{ ref('int_figures') }}
),

-- A misspelt measure code would otherwise look like a measure without data.
known_codes as (
    select measure_code from {{ ref('dim_measures') }}
    union
    select measure_code from figures
),

supplied as (
    select
        force_code,
        measure_code,
        min(first_day) as first_day,
        max(last_day) as last_day
    from figures
    where value is not null
    group by all
),

without_figure as (
    select cells.*
    from cells
    left join known_codes on cells.measure_code = known_codes.measure_code
    left join supplied
        on cells.force_code = supplied.force_code
        and cells.measure_code = supplied.measure_code
    where
        not cells.is_figure
        and cells.figure_id is not null
        and (
            known_codes.measure_code is null
            or (
                coalesce(cells.base_first_day, cells.first_day) >= supplied.first_day
                and cells.last_day <= supplied.last_day
            )
        )
)

select * from without_figure
