-- The priorities of the police and crime plan, each with the strands that serve it.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

priorities as (
    select * from {{ ref('plan_priorities') }}
),

strands as (
    select * from {{ ref('dim_strands') }}
),

served as (
    select
        reports.quarter,
        reports.force_code,
        priorities.priority_position,
        priorities.priority_name,
        list(strands.strand_name order by strands.strand_position) as strand_names
    from reports
    inner join priorities on reports.force_code = priorities.force_code
    left join strands
        on reports.strategy_code = strands.strategy_code
        and priorities.strand_code = strands.strand_code
    group by all
),

existing as (
    select
        * exclude (strand_names),
        list_filter(strand_names, lambda name: name is not null) as served_by
    from served
),

worded as (
    select
        quarter,
        force_code,
        'priorities' as section_code,
        'text' as slot,
        100 + priority_position as sentence_position,
        'bullet' as sentence_style,
        cast(null as varchar) as subject,
        coalesce(
            {{ filled(wording("'priority_item'"), {
                'priority_name': 'priority_name',
                'strand_names': enumerated('served_by'),
            }) }},
            priority_name
        ) as sentence
    from existing
)

select * from worded
