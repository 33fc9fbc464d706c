-- Each action at risk with its reason and mitigation, as the tracker words them.

with

actions as (
    select * from {{ ref('int_worded_actions') }}
    where is_at_risk
),

-- The tracker's own words come last, so that what they hold is never filled in.
worded as (
    select
        quarter,
        force_code,
        'risks' as section_code,
        'text' as slot,
        100 + row_number() over (
            partition by quarter, force_code order by strand_position, action_id
        ) as sentence_position,
        'bullet' as sentence_style,
        cast(null as varchar) as subject,
        {{ filled(wording("'risk_item'"), {
            'strand_name': 'strand_name',
            'mitigation': "coalesce(rtrim(mitigation, '. '), "
                ~ wording("'risk_not_given'") ~ ")",
            'at_risk_reason': "coalesce(rtrim(at_risk_reason, '. '), "
                ~ wording("'risk_not_given'") ~ ")",
            'action_title': "rtrim(action_title, '. ')",
        }) }} as sentence
    from actions
)

select * from worded
