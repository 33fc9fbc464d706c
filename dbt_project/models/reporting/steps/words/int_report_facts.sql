-- What the sentences of a report can say, and which cases apply to it.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

sections as (
    select * from {{ ref('int_report_sections') }}
),

actions as (
    select * from {{ ref('int_worded_actions') }}
),

measures as (
    select
        *,
        coalesce(
            {{ filled(wording("'measure_with_share'"), {
                'measure_name': 'measure_name',
                'count': with_commas('current_count'),
                'signed_share': signed_pct('difference_pct'),
            }) }},
            {{ filled(wording("'measure_with_count'"), {
                'measure_name': 'measure_name',
                'count': with_commas('current_count'),
            }) }},
            measure_name
        ) as measure_label
    from {{ ref('int_worded_measures') }}
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

numbers as (
    select
        quarter,
        force_code,
        count(strand_name) as strand_count,
        max(section_number) filter (where section_code = 'risks') as risks_section,
        max(section_number) filter (where section_code = 'by_exception')
            as by_exception_section,
        max(section_number) filter (where section_code = 'current_work')
            as current_work_section
    from sections
    group by all
),

plans as (
    select
        quarter,
        force_code,
        count(*) as total,
        count(*) filter (where is_complete) as complete,
        count(*) filter (where not is_complete) as ongoing,
        count(*) filter (where is_at_risk) as at_risk
    from actions
    group by all
),

-- Of the plan that was used; an earlier line of the same action may count meanwhile.
held_in_plans as (
    select
        reports.quarter,
        reports.force_code,
        count(*) filter (where actions.action_id is null) as not_counted,
        count(actions.action_id) as counted_as_before
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

worded_held_lines as (
    select
        quarter,
        force_code,
        concat(
            {{ filled(
                wording("'plan_held_' || " ~ grammatical_number('not_counted')),
                {'count': with_commas('not_counted')}
            ) }},
            {{ filled(
                wording(
                    "'plan_held_as_before_' || "
                    ~ grammatical_number('counted_as_before')
                ),
                {'count': with_commas('counted_as_before')}
            ) }}
        ) as held_lines_text
    from held_in_plans
),

risky_strands as (
    select distinct
        quarter,
        force_code,
        strand_name,
        strand_position
    from actions
    where is_at_risk
),

at_risk as (
    select
        quarter,
        force_code,
        list(strand_name order by strand_position) as strand_names
    from risky_strands
    group by all
),

changes as (
    select
        quarter,
        force_code,
        list(measure_label order by row_position)
        filter (where change_code = 'higher') as higher_measures,
        list(measure_label order by row_position)
        filter (where change_code = 'lower') as lower_measures,
        list(measure_label order by row_position)
        filter (where change_code = 'uneven') as uneven_measures,
        list(measure_label order by row_position)
        filter (where change_code = 'no_clear_change') as no_clear_change_measures,
        list(measure_label order by row_position)
        filter (where change_code = 'too_few') as too_few_measures,
        list(measure_label order by row_position)
        filter (where change_code = 'unknown') as unknown_measures
    from measures
    group by all
),

gathered as (
    select
        reports.*,
        numbers.strand_count,
        numbers.risks_section,
        numbers.by_exception_section,
        numbers.current_work_section,
        reports.plan_as_at_date is not null as has_plan,
        leads.force_code is not null as has_leads,
        priorities.force_code is not null as has_priorities,
        coalesce(plans.total, 0) as total,
        coalesce(plans.complete, 0) as complete,
        coalesce(plans.ongoing, 0) as ongoing,
        coalesce(plans.at_risk, 0) as at_risk,
        coalesce(worded_held_lines.held_lines_text, '') as held_lines_text,
        coalesce(at_risk.strand_names, []) as strands_at_risk,
        coalesce(changes.higher_measures, []) as higher_measures,
        coalesce(changes.lower_measures, []) as lower_measures,
        coalesce(changes.uneven_measures, []) as uneven_measures,
        coalesce(changes.no_clear_change_measures, []) as no_clear_change_measures,
        coalesce(changes.too_few_measures, []) as too_few_measures,
        coalesce(changes.unknown_measures, []) as unknown_measures
    from reports
    inner join numbers using (quarter, force_code)
    left join plans using (quarter, force_code)
    left join worded_held_lines using (quarter, force_code)
    left join at_risk using (quarter, force_code)
    left join changes using (quarter, force_code)
    left join leads on reports.force_code = leads.force_code
    left join priorities on reports.force_code = priorities.force_code
),

with_cases as (
    select
        *,
        [
            'always',
            if(has_plan, 'plan', 'no_plan'),
            if(origin = 'open data', 'open_data', 'with_strategy'),
            if(has_leads, 'leads', 'no_leads'),
            if(has_priorities, 'priorities', 'no_priorities'),
            if(
                has_plan,
                'risk_' || {{ grammatical_number('len(strands_at_risk)') }},
                'risk_unknown'
            ),
            'higher_' || {{ grammatical_number('len(higher_measures)') }},
            'lower_' || {{ grammatical_number('len(lower_measures)') }},
            'uneven_' || {{ grammatical_number('len(uneven_measures)') }},
            'no_clear_change_'
            || {{ grammatical_number('len(no_clear_change_measures)') }},
            'too_few_' || {{ grammatical_number('len(too_few_measures)') }},
            'unknown_' || {{ grammatical_number('len(unknown_measures)') }}
        ] as cases
    from gathered
)

select * from with_cases
