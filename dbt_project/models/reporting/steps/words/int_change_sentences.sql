-- What is said of each change: both figures, their periods, and the word of the change
-- where it has one.

with

changes as (
    select * from {{ ref('int_worded_changes') }}
),

in_words as (
    select
        *,
        {{ change_word('change_code') }} as direction_word,
        if(is_plural, {{ wording("'are'") }}, {{ wording("'is'") }}) as is_word,
        if(is_plural, {{ wording("'show_many'") }}, {{ wording("'show_one'") }})
            as show_word,
        case change_code
            when 'higher' then {{ wording("'change_more'") }}
            when 'lower' then {{ wording("'change_fewer'") }}
        end as more_word,
        coalesce(current_parts, {{ with_its_decimals('current_value') }})
            as current_text,
        coalesce(base_parts, {{ with_its_decimals('base_value') }}) as base_text,
        case
            when current_parts is not null then ''
            else {{ unit_after('current_value', 'unit') }}
        end as current_unit
    from changes
),

formed as (
    select
        *,
        case
            when current_value is null and gap_reason is not null
                then {{ wording("'insight_none_because'") }}
            when current_value is null then {{ wording("'insight_none'") }}
            when base_value is null then {{ wording("'insight_not_compared'") }}
            when change_code = 'no_clear_change'
                then {{ wording("'insight_no_clear_change'") }}
            when change_code = 'uneven' then {{ wording("'insight_uneven'") }}
            when change_code = 'too_few' then {{ wording("'insight_too_few'") }}
            when change_code is null then {{ wording("'insight_plain'") }}
            when current_parts is not null then {{ wording("'insight_points'") }}
            -- A year of 366 days.
            when (change_code = 'higher') <> (difference > 0)
                then {{ wording("'insight_change_a_day'") }}
            when difference_pct is null then {{ wording("'insight_change_from_none'") }}
            else {{ wording("'insight_change'") }}
        end as form
    from in_words
),

worded as (
    select
        quarter,
        force_code,
        section_code,
        slot,
        insight_position,
        row_position,
        sentence_style,
        measure_code as subject,
        figure_id,
        base_figure_id,
        {{ filled('form', {
            'name': 'subject_name',
            'reason': "coalesce(gap_reason, '')",
            'direction': "coalesce(direction_word, '')",
            'is': "coalesce(is_word, '')",
            'show': "coalesce(show_word, '')",
            'more': "coalesce(more_word, '')",
            'signed_share': "coalesce(" ~ signed_pct('difference_pct') ~ ", '')",
            'share': "coalesce(cast(abs(difference_pct) as varchar), '')",
            'lower': "coalesce(cast(months_lower as varchar), '')",
            'higher': "coalesce(cast(months_higher as varchar), '')",
            'equal': "coalesce(cast(months_equal as varchar), '')",
            'current_unit': "current_unit",
            'current': "coalesce(current_text, '')",
            'base_period': 'base_period',
            'period': 'period',
            'base': "coalesce(base_text, '')",
        }) }} as sentence
    from formed
)

select * from worded
