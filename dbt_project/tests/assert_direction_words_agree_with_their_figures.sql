-- Reads the word, the two figures and the percentage out of each sentence about a
-- change. Compares the word with that of the comparison of the two figures, and the
-- numbers with the pack's.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_sentences'}},
        'description': 'The word, the two figures and the percentage in a sentence agree'
            ~ " with the pack's tables and with the comparison of the two figures.",
        'remedy': 'Correct the wording in seeds/layout/wordings.csv or'
            ~ ' seeds/layout/insights.csv, or the model in'
            ~ ' dbt_project/models/reporting/steps/words/ that makes the sentence.',
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

reports as (
    select * from {{ ref('dim_reports') }}
),

comparisons as (
    select * from {{ ref('fct_comparisons') }}
    where area_level = 'force'
),

said as (
    select
        sentences.quarter,
        sentences.force_code,
        sentences.figure_id,
        sentences.base_figure_id,
        sentences.subject,
        reports.end_date,
        sentences.sentence,
        case
            when {{ says('sentences.sentence', change_word("'uneven'")) }}
                then 'uneven'
            when {{ says('sentences.sentence', change_word("'no_clear_change'")) }}
                then 'no_clear_change'
            when contains(sentences.sentence, {{ change_word("'too_few'") }})
                then 'too_few'
            when {{ says('sentences.sentence', change_word("'higher'")) }}
                then 'higher'
            when {{ says('sentences.sentence', change_word("'lower'")) }}
                then 'lower'
            else 'none'
        end as said_code,
        figures.figure_id is null or bases.figure_id is null as is_unknown,
        coalesce(figures.statistic like '%share', false) as is_share,
        figures.value as current_value,
        bases.value as base_value,
        {{ share_change_code(
            'bases.numerator',
            'bases.denominator',
            'figures.numerator',
            'figures.denominator',
        ) }} as share_code
    from sentences
    inner join reports
        on sentences.quarter = reports.quarter
        and sentences.force_code = reports.force_code
    left join figures
        on sentences.force_code = figures.force_code
        and sentences.figure_id = figures.figure_id
    left join figures as bases
        on sentences.force_code = bases.force_code
        and sentences.base_figure_id = bases.figure_id
),

-- The words of every comparison of these two counts. Two periods can have equal counts.
compared as (
    select
        said.quarter,
        said.force_code,
        said.figure_id,
        said.base_figure_id,
        list(distinct coalesce(comparisons.change_code, 'none')) as codes
    from said
    inner join comparisons
        on said.force_code = comparisons.force_code
        and said.subject = comparisons.measure_code
        and said.end_date = comparisons.period_end
        and said.current_value = comparisons.current_count
        and said.base_value = comparisons.base_count
    where not said.is_share
    group by all
),

in_words as (
    select
        said.*,
        case
            when said.current_value is null or said.base_value is null then ['none']
            when said.is_share then [coalesce(said.share_code, 'none')]
            -- Stocks, and counts over months of their own, have no word. They can have
            -- the same counts as a comparison whose word is too_few.
            when said.current_value + said.base_value < 20
                then list_append(coalesce(compared.codes, []), 'none')
            else coalesce(compared.codes, ['none'])
        end as codes,
        case
            when said.is_share then {{ one_decimal('current_value') }} || '%'
            else {{ with_its_decimals('current_value') }}
        end as current_text,
        case
            when said.is_share then {{ one_decimal('base_value') }} || '%'
            else {{ with_its_decimals('base_value') }}
        end as base_text,
        abs({{ percentage('current_value - base_value', 'base_value') }}) || '%'
            as change_text,
        not said.is_share
        and said.said_code in ('uneven', 'higher', 'lower')
        and not contains(said.sentence, ' a day') as says_change
    from said
    left join compared
        on said.quarter = compared.quarter
        and said.force_code = compared.force_code
        and said.figure_id = compared.figure_id
        and said.base_figure_id = compared.base_figure_id
),

checked as (
    select
        *,
        {{ says('sentence', 'current_text') }} as has_current,
        {{ says('sentence', 'base_text') }} as has_base,
        contains(sentence, change_text) or not says_change as has_change
    from in_words
)

select * from checked
where
    is_unknown
    or not list_contains(codes, said_code)
    or not coalesce(has_current, current_value is null)
    or (current_value is not null and not coalesce(has_base, true))
    or not coalesce(has_change, true)
