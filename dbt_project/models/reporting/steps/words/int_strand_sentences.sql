-- What is said of each strand: its lead, and the progress of its actions.

with

reports as (
    select
        quarter,
        force_code,
        strategy_code,
        plan_as_at_date,
        held_lines_text
    from {{ ref('int_report_facts') }}
),

strands as (
    select * from {{ ref('dim_strands') }}
),

leads as (
    select * from {{ ref('strand_leads') }}
),

actions as (
    select * from {{ ref('int_worded_actions') }}
),

counted as (
    select
        reports.quarter,
        reports.force_code,
        reports.plan_as_at_date,
        reports.held_lines_text,
        strands.strand_code,
        strands.strand_name,
        strands.strand_position,
        leads.lead_role,
        leads.lead_rank,
        count(actions.action_id) as total,
        count(*) filter (where actions.is_complete) as complete,
        count(*) filter (where not actions.is_complete) as ongoing,
        count(*) filter (where actions.is_at_risk) as at_risk
    from reports
    inner join strands on reports.strategy_code = strands.strategy_code
    left join leads
        on reports.force_code = leads.force_code
        and strands.strand_code = leads.strand_code
    left join actions
        on reports.quarter = actions.quarter
        and reports.force_code = actions.force_code
        and strands.strand_code = actions.strand_code
    group by all
),

lead_lines as (
    select
        quarter,
        force_code,
        strand_code as section_code,
        'lead' as slot,
        1 as sentence_position,
        'paragraph' as sentence_style,
        cast(null as varchar) as subject,
        coalesce(
            {{ filled(wording("'lead'"), {
                'lead_role': 'lead_role',
                'lead_rank': 'lead_rank',
            }) }},
            {{ wording("'lead_none'") }}
        ) as sentence
    from counted
),

lead_items as (
    select
        quarter,
        force_code,
        'consultation' as section_code,
        'text' as slot,
        100 + strand_position as sentence_position,
        'bullet' as sentence_style,
        cast(null as varchar) as subject,
        {{ filled(wording("'lead_item'"), {
            'strand_name': 'strand_name',
            'lead_rank': 'lead_rank',
        }) }} as sentence
    from counted
    where lead_rank is not null
),

progress as (
    select
        quarter,
        force_code,
        strand_code as section_code,
        'achieved' as slot,
        1 as sentence_position,
        'paragraph' as sentence_style,
        cast(null as varchar) as subject,
        case
            when plan_as_at_date is null
                then {{ wording("'strand_progress_not_available'") }}
            when total = 0
                then {{ filled(wording("'strand_progress_none'"), {
                    'plan_date': day_label('plan_as_at_date'),
                }) }} || held_lines_text
            else {{ filled(wording("'strand_progress'"), {
                'plan_date': day_label('plan_as_at_date'),
                'total': with_commas('total'),
                'complete_is': is_or_are('complete'),
                'complete': with_commas('complete'),
                'ongoing_is': is_or_are('ongoing'),
                'ongoing': with_commas('ongoing'),
                'at_risk_is': is_or_are('at_risk'),
                'at_risk': number_in_words('at_risk'),
            }) }} || held_lines_text
        end as sentence
    from counted
),

together as (
    select * from lead_lines
    union all
    select * from lead_items
    union all
    select * from progress
)

select * from together
