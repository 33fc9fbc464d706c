-- The first sentence on each measure: direction, size, share, period and comparison.

with

measures as (
    select * from {{ ref('int_worded_measures') }}
),

in_words as (
    select
        *,
        {{ wording("'direction_' || direction") }} as direction_word,
        {{ with_commas('abs(difference)') }} as size_text,
        {{ unit_after('abs(difference)', 'unit') }} as size_unit,
        {{ with_commas('current_12_months') }} as current_text,
        {{ with_commas('previous_12_months') }} as previous_text,
        {{ unit_after('current_12_months', 'unit') }} as current_unit,
        {{ period_label('end_date') }} as period_label,
        cast(abs(difference_pct) as varchar) as share_text
    from measures
),

formed as (
    select
        *,
        case
            when current_12_months is null then {{ wording("'insight_none'") }}
            when direction = 'unknown' then {{ wording("'insight_not_compared'") }}
            when direction = 'same' then {{ wording("'insight_same'") }}
            when share_text is null then {{ wording("'insight_change_from_none'") }}
            else {{ wording("'insight_change'") }}
        end as form
    from in_words
),

worded as (
    select
        quarter,
        force_code,
        coalesce(strand_code, 'other_measures') as section_code,
        if(strand_code is null, 'text', 'insights') as slot,
        row_position as sentence_position,
        'paragraph' as sentence_style,
        measure_code as subject,
        {{ filled('form', {
            'measure_name': 'measure_name',
            'direction': "coalesce(direction_word, '')",
            'size_unit': "coalesce(size_unit, '')",
            'size': "coalesce(size_text, '')",
            'share': "coalesce(share_text, '')",
            'current_unit': "coalesce(current_unit, '')",
            'current': "coalesce(current_text, '')",
            'period_label': 'period_label',
            'previous': "coalesce(previous_text, '')",
        }) }} as sentence
    from formed
)

select * from worded
