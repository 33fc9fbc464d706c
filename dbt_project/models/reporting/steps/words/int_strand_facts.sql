-- The facts about each strand: its lead, the progress of its actions and each action at
-- risk; and for each priority of the police and crime plan, the strands that serve it.

with

plan_strands as (
    select * from {{ ref('int_plan_strands') }}
    where plan_position = 2
),

reports as (
    select reports.*
    from {{ ref('dim_reports') }} as reports
    semi join plan_strands using (quarter, force_code)
),

strands as (
    select * from {{ ref('dim_strands') }}
),

leads as (
    select * from {{ ref('strand_leads') }}
),

priorities as (
    select * from {{ ref('plan_priorities') }}
),

actions as (
    select
        * replace (
            {{ shown_text('action_title', 'action_id') }} as action_title,
            {{ shown_text('at_risk_reason', wording("'text_not_shown'")) }}
                as at_risk_reason,
            {{ shown_text('mitigation', wording("'text_not_shown'")) }}
                as mitigation
        )
    from {{ ref('fct_plan_actions') }}
    where is_in_plan
),

led as (
    select
        reports.quarter,
        reports.force_code,
        strands.strand_code,
        strands.strand_name,
        strands.strand_position,
        leads.lead_role,
        leads.lead_rank,
        leads.lead_name
    from reports
    inner join strands on reports.strategy_code = strands.strategy_code
    left join leads
        on reports.force_code = leads.force_code
        and strands.strand_code = leads.strand_code
),

lead_lines as (
    select
        quarter,
        force_code,
        strand_code as section_code,
        'lead' as slot,
        1 as fact_position,
        'paragraph' as sentence_style,
        'lead' as kind,
        strand_name as subject,
        to_json(struct_pack(
            lead_role := lead_role,
            lead_rank := lead_rank,
            lead_name := lead_name
        )) as facts
    from led
),

lead_items as (
    select
        quarter,
        force_code,
        'consultation' as section_code,
        'text' as slot,
        100 + strand_position as fact_position,
        'bullet' as sentence_style,
        'lead_item' as kind,
        strand_name as subject,
        to_json(struct_pack(lead_rank := lead_rank, lead_name := lead_name)) as facts
    from led
    where lead_rank is not null
),

progress as (
    select
        led.quarter,
        led.force_code,
        led.strand_code as section_code,
        'achieved' as slot,
        1 as fact_position,
        'paragraph' as sentence_style,
        'strand_progress' as kind,
        led.strand_name as subject,
        to_json(struct_pack(
            total := coalesce(plan_strands.total, 0),
            complete := coalesce(plan_strands.complete, 0),
            ongoing := coalesce(plan_strands.ongoing, 0),
            at_risk := coalesce(plan_strands.at_risk, 0),
            held_not_counted := plan_strands.held_not_counted,
            held_as_before := plan_strands.held_as_before
        )) as facts
    from led
    inner join plan_strands
        on led.quarter = plan_strands.quarter
        and led.force_code = plan_strands.force_code
        and led.strand_name = plan_strands.strand
),

risks as (
    select
        actions.quarter,
        actions.force_code,
        'risks' as section_code,
        'text' as slot,
        100 + row_number() over (
            partition by actions.quarter, actions.force_code
            order by strands.strand_position, actions.action_id
        ) as fact_position,
        'bullet' as sentence_style,
        'risk' as kind,
        actions.action_title as subject,
        to_json(struct_pack(
            strand := strands.strand_name,
            reason := actions.at_risk_reason,
            mitigation := actions.mitigation
        )) as facts
    from actions
    inner join reports
        on actions.quarter = reports.quarter
        and actions.force_code = reports.force_code
    inner join strands
        on reports.strategy_code = strands.strategy_code
        and actions.strand_code = strands.strand_code
    where actions.is_at_risk
),

served as (
    select
        reports.quarter,
        reports.force_code,
        'priorities' as section_code,
        'text' as slot,
        100 + priorities.priority_position as fact_position,
        'bullet' as sentence_style,
        'priority' as kind,
        priorities.priority_name as subject,
        to_json(struct_pack(
            strands := coalesce(
                list(strands.strand_name order by strands.strand_position)
                filter (where strands.strand_name is not null),
                []
            )
        )) as facts
    from reports
    inner join priorities on reports.force_code = priorities.force_code
    left join strands
        on reports.strategy_code = strands.strategy_code
        and priorities.strand_code = strands.strand_code
    group by
        reports.quarter,
        reports.force_code,
        priorities.priority_position,
        priorities.priority_name
),

together as (
    select * from lead_lines
    union all
    select * from lead_items
    union all
    select * from progress
    union all
    select * from risks
    union all
    select * from served
)

select * from together
