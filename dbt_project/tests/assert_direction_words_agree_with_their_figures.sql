-- Each insight, read back as a reader would: its direction word against the sign of the
-- difference, and its figures, straight from the rolling 12 months.

{{ config(meta={'dagster': {'ref': {'name': 'rpt_sentences'}}}) }}

with

sentences as (
    select * from {{ ref('rpt_sentences') }}
),

report_measures as (
    select * from {{ ref('int_report_measures') }}
),

rolling as (
    select * from {{ ref('rpt_rolling_12_months') }}
),

said as (
    select
        sentences.quarter,
        sentences.force_code,
        sentences.sentence,
        rolling.current_12_months,
        rolling.previous_12_months,
        rolling.difference,
        rolling.difference_pct,
        substring(sentences.sentence, len(report_measures.measure_name) + 1) as rest
    from sentences
    inner join report_measures
        on sentences.quarter = report_measures.quarter
        and sentences.force_code = report_measures.force_code
        and sentences.subject = report_measures.measure_code
    left join rolling
        on sentences.quarter = rolling.quarter
        and sentences.force_code = rolling.force_code
        and sentences.subject = rolling.measure
),

checked as (
    select
        *,
        contains(rest, {{ wording("'direction_up'") }}) as says_up,
        contains(rest, {{ wording("'direction_down'") }}) as says_down,
        contains(rest, {{ wording("'direction_same'") }}) as says_same,
        contains(rest, {{ with_commas('current_12_months') }}) as has_current,
        contains(rest, {{ with_commas('previous_12_months') }}) as has_previous,
        contains(rest, {{ with_commas('abs(difference)') }}) as has_size,
        contains(rest, '(' || abs(difference_pct) || '%)') as has_share
    from said
)

select * from checked
where
    says_up <> coalesce(current_12_months > previous_12_months, false)
    or says_down <> coalesce(current_12_months < previous_12_months, false)
    or says_same <> coalesce(current_12_months = previous_12_months, false)
    or not coalesce(has_current, current_12_months is null)
    or (
        difference <> 0
        and not (has_size and has_previous and coalesce(has_share, true))
    )
