-- If the quarter's strategy lacks a strand, the actions of that strand are in no row of
-- the table and not in its total.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_cells'}},
        'description': 'The total of the delivery plan counts every action of the'
            ~ ' plan.',
        'remedy': 'In config/ of the data home, add the strand of the missing actions'
            ~ " to strands.csv for the quarter's strategy, or add its other name to"
            ~ ' strand_aliases.csv.',
    },
) }}

with

reports as (
    select * from {{ ref('dim_reports') }}
),

action_versions as (
    select * from {{ ref('fct_action_versions') }}
),

delivery_progress as (
    {{ rows_with_figures('delivery_progress', {
        'total': 'bigint',
    }) }}
),

totals as (
    select
        quarter,
        force_code,
        max_by(total, row_position) as total
    from delivery_progress
    group by all
),

counted as (
    select
        reports.quarter,
        reports.force_code,
        count(distinct action_versions.action_id) as action_count
    from reports
    inner join action_versions
        on reports.force_code = action_versions.force_code
        and cast(action_versions.valid_from as date) <= reports.plan_as_at_date
        and coalesce(cast(action_versions.valid_to as date), date '9999-12-31')
        > reports.plan_as_at_date
    group by all
),

unequal as (
    select counted.*
    from counted
    inner join totals using (quarter, force_code)
    where counted.action_count <> totals.total
)

select * from unequal
