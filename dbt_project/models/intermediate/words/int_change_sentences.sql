-- What is said of each change: direction, size, share, period and comparison.

with

changes as (
    select * from {{ ref('int_worded_changes') }}
),

in_words as (
    select
        *,
        {{ wording("'direction_' || direction") }} as direction_word,
        case
            when current_parts is not null
                then {{ one_decimal('abs(difference)') }}
            else {{ with_its_decimals('abs(difference)') }}
        end as size_text,
        {{ unit_after('abs(difference)', 'unit') }} as size_unit,
        coalesce(current_parts, {{ with_its_decimals('current_value') }})
            as current_text,
        coalesce(base_parts, {{ with_its_decimals('base_value') }}) as base_text,
        case
            when current_parts is not null then ''
            else {{ unit_after('current_value', 'unit') }}
        end as current_unit,
        cast(abs(difference_pct) as varchar) as share_text
    from changes
),

formed as (
    select
        *,
        case
            when current_value is null and gap_reason is not null
                then {{ wording("'insight_none_because'") }}
            when current_value is null then {{ wording("'insight_none'") }}
            when direction = 'unknown' then {{ wording("'insight_not_compared'") }}
            when direction = 'same' then {{ wording("'insight_same'") }}
            when current_parts is not null then {{ wording("'insight_points'") }}
            when share_text is null then {{ wording("'insight_change_from_none'") }}
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
            'size_unit': "size_unit",
            'size': "coalesce(size_text, '')",
            'share': "coalesce(share_text, '')",
            'current_unit': "current_unit",
            'current': "coalesce(current_text, '')",
            'base_period': 'base_period',
            'period': 'period',
            'base': "coalesce(base_text, '')",
        }) }} as sentence
    from formed
)

select * from worded
