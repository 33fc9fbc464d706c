-- The facts for sentences about a report as a whole, and which cases apply to it.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

plan_progress as (
    select * from {{ ref('int_plan_progress') }}
),

actions as (
    select * from {{ ref('int_plans') }}
),

report_measures as (
    select * from {{ ref('int_report_measures') }}
),

flows as (
    select * from {{ ref('dim_measures') }}
    where kind = 'flow'
),

comparisons as (
    select * from {{ ref('fct_comparisons') }}
    where area_level = 'force' and comparison_code = 'previous_12_months'
),

held_lines as (
    select
        loads.force_code,
        quarantined_lines.line_key,
        cast(quarantined_lines.extracted_at as date) as plan_date
    from {{ ref('fct_quarantined_lines') }} as quarantined_lines
    inner join {{ ref('stg_register__loads') }} as loads
        on quarantined_lines.load_id = loads.load_id
    where
        quarantined_lines.extract = 'actions'
        and (
            quarantined_lines.resolved_at is null
            or cast(quarantined_lines.resolved_at as date)
            > cast(quarantined_lines.extracted_at as date)
        )
),

leads as (
    select distinct force_code from {{ ref('strand_leads') }}
),

priorities as (
    select distinct force_code from {{ ref('plan_priorities') }}
),

-- Held lines of the plan that was used. An earlier line of the same action may count in
-- place of a held one.
held_in_plans as (
    select
        reports.quarter,
        reports.force_code,
        count(*) filter (where actions.action_id is null) as held_not_counted,
        count(actions.action_id) as held_as_before
    from reports
    inner join held_lines
        on reports.force_code = held_lines.force_code
        and reports.plan_as_at_date = held_lines.plan_date
    left join actions
        on reports.quarter = actions.quarter
        and reports.force_code = actions.force_code
        and held_lines.line_key = actions.action_id
    group by all
),

-- Without a plan, all numbers are 0.
plans as (
    select
        quarter,
        force_code,
        count(*) filter (where not is_total) as strand_count,
        coalesce(max(total) filter (where is_total), 0) as total,
        coalesce(max(complete) filter (where is_total), 0) as complete,
        coalesce(max(ongoing) filter (where is_total), 0) as ongoing,
        coalesce(max(at_risk) filter (where is_total), 0) as at_risk,
        list(strand order by strand_position)
        filter (where not is_total and at_risk > 0) as strands_at_risk
    from plan_progress
    group by all
),

compared as (
    select
        report_measures.quarter,
        report_measures.force_code,
        report_measures.row_position,
        coalesce(comparisons.change_code, 'unknown') as change_code,
        struct_pack(
            name := report_measures.measure_name,
            count := comparisons.current_count,
            difference_pct := comparisons.difference_pct
        ) as measure
    from report_measures
    inner join flows on report_measures.measure_code = flows.measure_code
    left join comparisons
        on report_measures.force_code = comparisons.force_code
        and report_measures.measure_code = comparisons.measure_code
        and report_measures.end_date = comparisons.period_end
),

-- Each change code, with its measures in the order of the tables.
by_code as (
    select
        quarter,
        force_code,
        change_code,
        list(measure order by row_position) as measures
    from compared
    group by all
),

changes as (
    select
        quarter,
        force_code,
        map_from_entries(list(row(change_code, measures))) as measures_by_code,
        list(change_code order by change_code) as change_codes
    from by_code
    group by all
),

gathered as (
    select
        reports.quarter,
        reports.force_code,
        reports.strategy_code,
        plans.strand_count,
        plans.total,
        plans.complete,
        plans.ongoing,
        plans.at_risk,
        coalesce(plans.strands_at_risk, []) as strands_at_risk,
        coalesce(held_in_plans.held_not_counted, 0) as held_not_counted,
        coalesce(held_in_plans.held_as_before, 0) as held_as_before,
        changes.measures_by_code,
        list_concat(
            [
                'always',
                if(reports.plan_as_at_date is null, 'no_plan', 'plan'),
                if(reports.origin = 'open data', 'open_data', 'with_strategy'),
                if(leads.force_code is null, 'no_leads', 'leads'),
                if(priorities.force_code is null, 'no_priorities', 'priorities')
            ],
            coalesce(changes.change_codes, [])
        ) as cases
    from reports
    inner join plans using (quarter, force_code)
    left join held_in_plans using (quarter, force_code)
    left join changes using (quarter, force_code)
    left join leads on reports.force_code = leads.force_code
    left join priorities on reports.force_code = priorities.force_code
)

select * from gathered
