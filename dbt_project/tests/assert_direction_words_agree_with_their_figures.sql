-- Each sentence on a change, read back as a reader would: its direction word against
-- the two figures of the pack that it compares, and both of them, the size of their
-- difference and its share, as the sentence says them.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_sentences'}},
        'description': 'The direction word, the two figures, their difference and'
            ~ " its share in a sentence agree with the pack's tables.",
        'remedy': 'Correct the wording in seeds/layout/wordings.csv or'
            ~ ' seeds/layout/insights.csv, or the model in'
            ~ ' dbt_project/models/intermediate/words/ that makes the sentence.',
    },
) }}

with

sentences as (
    select * from {{ ref('rpt_sentences') }}
    where figure_id is not null
),

figures as (
    select * from {{ ref('rpt_figures') }}
),

-- Of a share, the change is in percentage points, of what the two are shares of.
said as (
    select
        sentences.quarter,
        sentences.force_code,
        sentences.figure_id,
        sentences.base_figure_id,
        sentences.sentence,
        figures.figure_id is null or bases.figure_id is null as is_unknown,
        figures.number_format = 'pct' as is_share,
        figures.value as current_value,
        bases.value as base_value,
        case
            when figures.number_format = 'pct'
                then {{ percentage(
                    'figures.numerator * bases.denominator'
                    ~ ' - bases.numerator * figures.denominator',
                    'figures.denominator * bases.denominator',
                ) }}
            else figures.value - bases.value
        end as difference
    from sentences
    left join figures
        on sentences.quarter = figures.quarter
        and sentences.force_code = figures.force_code
        and sentences.figure_id = figures.figure_id
    left join figures as bases
        on sentences.quarter = bases.quarter
        and sentences.force_code = bases.force_code
        and sentences.base_figure_id = bases.figure_id
),

in_words as (
    select
        *,
        case
            when is_share then {{ one_decimal('current_value') }} || '%'
            else {{ with_its_decimals('current_value') }}
        end as current_text,
        case
            when is_share then {{ one_decimal('base_value') }} || '%'
            else {{ with_its_decimals('base_value') }}
        end as base_text,
        case
            when is_share then {{ one_decimal('abs(difference)') }} || ' percentage'
            else {{ with_its_decimals('abs(difference)') }}
        end as size_text,
        case
            when not is_share
                then '(' || abs({{ percentage('difference', 'base_value') }}) || '%)'
        end as share_text
    from said
),

checked as (
    select
        *,
        {{ says('sentence', wording("'direction_up'")) }} as says_up,
        {{ says('sentence', wording("'direction_down'")) }} as says_down,
        {{ says('sentence', wording("'direction_same'")) }} as says_same,
        {{ says('sentence', 'current_text') }} as has_current,
        {{ says('sentence', 'base_text') }} as has_base,
        {{ says('sentence', 'size_text') }} as has_size,
        {{ says('sentence', 'share_text') }} as has_share
    from in_words
)

select * from checked
where
    is_unknown
    or says_up <> coalesce(difference > 0, false)
    or says_down <> coalesce(difference < 0, false)
    or says_same <> coalesce(difference = 0, false)
    or not coalesce(has_current, current_value is null)
    or (difference <> 0 and not (has_size and has_base and coalesce(has_share, true)))
