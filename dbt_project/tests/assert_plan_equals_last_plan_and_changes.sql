-- Last quarter's number of actions, plus added, minus removed, is this quarter's
-- number.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_cells'}},
        'description': "Last quarter's actions, plus those added, minus those"
            ~ " removed, are this quarter's actions.",
        'remedy': 'Compare the two actions extracts. An action that is neither'
            ~ ' added nor removed was delivered under two references. Ask the'
            ~ ' supplier to send the complete plan again.',
    },
) }}

with

reports as (
    select * from {{ ref('dim_reports') }}
),

compared as (
    {{ rows_with_figures('delivery_progress_compared', {
        'total': 'bigint',
    }) }}
),

plan_actions as (
    select * from {{ ref('fct_plan_actions') }}
),

totals as (
    select
        reports.quarter,
        reports.force_code,
        arg_max(compared.total, compared.row_position) filter (
            where compared.plan_quarter = reports.quarter_label
        ) as total,
        arg_max(compared.total, compared.row_position) filter (
            where compared.plan_quarter <> reports.quarter_label
        ) as previous_total
    from reports
    inner join compared using (quarter, force_code)
    group by all
),

changes as (
    select
        quarter,
        force_code,
        count(*) filter (where is_in_plan and not was_in_plan) as added_count,
        count(*) filter (where was_in_plan and not is_in_plan) as removed_count
    from plan_actions
    group by all
),

unexplained as (
    select totals.*
    from totals
    inner join changes using (quarter, force_code)
    where
        totals.total
        <> totals.previous_total + changes.added_count - changes.removed_count
)

select * from unexplained
