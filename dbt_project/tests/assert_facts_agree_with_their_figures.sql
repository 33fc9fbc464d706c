-- Each fact of a change against the pack's figures that it names: both values, and its
-- code against that of every comparison of these two counts.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_facts'}},
        'description': 'The code and the two values of a fact agree with the figures'
            ~ ' that it names and with the comparison of the two.',
        'remedy': 'Correct the row in seeds/layout/insights.csv or the model'
            ~ ' dbt_project/models/reporting/steps/words/int_insight_facts.sql.',
    },
) }}

with

facts as (
    select * from {{ ref('rpt_facts') }}
    where figure_id is not null
),

figures as (
    select * from {{ ref('rpt_figures') }}
),

reports as (
    select * from {{ ref('dim_reports') }}
),

recording_breaks as (
    select * from {{ ref('range_phases') }}
    where not is_comparable
),

comparisons as (
    select
        force_code,
        measure_code,
        period_end,
        current_total,
        base_total,
        change_code
    from {{ ref('fct_comparisons') }}
    where area_level in ('force', 'region')
    union all
    select
        force_code,
        measure as measure_code,
        period_end,
        quantity as current_total,
        year_before_quantity as base_total,
        change_code
    from {{ ref('rpt_board_results') }}
),

said as (
    select
        facts.quarter,
        facts.force_code,
        facts.figure_id,
        facts.base_figure_id,
        facts.measure_code,
        facts.said_value,
        facts.base_value,
        coalesce(facts.change_code, 'none') as change_code,
        reports.quarter_end_date,
        figures.figure_id is null or bases.figure_id is null as is_unknown,
        coalesce(figures.statistic like '%share', false) as is_share,
        figures.last_day,
        bases.first_day as base_first_day,
        figures.figure_value as known_value,
        bases.figure_value as known_base_value,
        {{ share_change_code(
            'bases.figure_numerator',
            'bases.figure_denominator',
            'figures.figure_numerator',
            'figures.figure_denominator',
        ) }} as share_code
    from facts
    inner join reports
        on facts.quarter = reports.quarter
        and facts.force_code = reports.force_code
    left join figures
        on facts.force_code = figures.force_code
        and facts.figure_id = figures.figure_id
    left join figures as bases
        on facts.force_code = bases.force_code
        and facts.base_figure_id = bases.figure_id
),

-- The codes of every comparison of these two counts; two periods can have the same.
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
        and said.measure_code = comparisons.measure_code
        and said.quarter_end_date = comparisons.period_end
        and said.known_value = comparisons.current_total
        and said.known_base_value = comparisons.base_total
    where not said.is_share
    group by all
),

with_breaks as (
    select
        *,
        {{ is_across_a_break('said', 'said.base_first_day', 'said.last_day') }}
            as is_broken
    from said
),

with_codes as (
    select
        said.*,
        case
            -- Without one of the values there is no direction. If a break or a missing
            -- month is why, the fact may say so.
            when said.known_value is null or said.known_base_value is null
                then ['none', 'not_comparable']
            when said.is_broken then ['not_comparable']
            when said.is_share then [coalesce(said.share_code, 'none')]
            -- Stocks and counts over months of their own have no code, and may by
            -- chance have the counts of a comparison that has too few.
            when said.known_value + said.known_base_value < 20
                then list_append(coalesce(compared.codes, []), 'none')
            else coalesce(compared.codes, ['none'])
        end as codes
    from with_breaks as said
    left join compared
        on said.quarter = compared.quarter
        and said.force_code = compared.force_code
        and said.figure_id = compared.figure_id
        and said.base_figure_id = compared.base_figure_id
)

select * from with_codes
where
    is_unknown
    or not list_contains(codes, change_code)
    or said_value is distinct from cast(known_value as decimal(18, 1))
    or base_value is distinct from cast(known_base_value as decimal(18, 1))
