-- Each change that the words speak of: two figures of the pack, and the word of their
-- comparison. A share has the word of its own change; a stock or an amount has none.

with

insight_rows as (
    select * from {{ ref('int_insight_rows') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

gap_reasons as (
    select * from {{ ref('int_gap_reasons') }}
),

reports as (
    select * from {{ ref('dim_reports') }}
),

comparisons as (
    select * from {{ ref('fct_comparisons') }}
    where area_level = 'force'
),

named as (
    select
        * replace (
            {{ filled('subject_name', {
                'measure_name': "coalesce(measure_name, '')",
                'unit': "coalesce(unit, '')",
            }) }} as subject_name,
            {{ filled('period', {
                'period': "coalesce(row_period, '')",
                'own_period': "coalesce(own_period, '')",
            }) }} as period,
            {{ filled('base_period', {
                'base_period': "coalesce(row_base_period, '')",
            }) }} as base_period,
            {{ filled('comparison_code', {
                'comparison': "coalesce(comparison, '')",
            }) }} as comparison_code
        )
    from insight_rows
    where form in ('change', 'share')
),

-- One row has both counts.
changes as (
    select
        *,
        current_value - base_value as difference,
        {{ percentage('current_value - base_value', 'base_value') }} as difference_pct,
        cast(null as varchar) as current_parts,
        cast(null as varchar) as base_parts,
        cast(null as varchar) as share_change_code
    from named
    where form = 'change'
),

-- A share has a row for each quarter; its change is in percentage points.
share_rows as (
    select
        * replace (
            cast(numerator as bigint) as numerator,
            cast(denominator as bigint) as denominator
        )
    from named
    where form = 'share'
),

shares as (
    select
        *,
        {{ filled(wording("'share_parts'"), {
            'share': one_decimal('current_value'),
            'numerator': with_commas('numerator'),
            'denominator': with_commas('denominator'),
        }) }} as current_parts
    from share_rows
),

share_changes as (
    select
        shares.* replace (
            bases.current_value as base_value,
            bases.figure_id as base_figure_id
        ),
        {{ percentage(
            'shares.numerator * bases.denominator'
            ~ ' - bases.numerator * shares.denominator',
            'shares.denominator * bases.denominator',
        ) }} as difference,
        cast(null as decimal(12, 1)) as difference_pct,
        bases.current_parts as base_parts,
        {{ share_change_code(
            'bases.numerator',
            'bases.denominator',
            'shares.numerator',
            'shares.denominator',
        ) }} as share_change_code
    from shares
    inner join shares as bases
        on shares.quarter = bases.quarter
        and shares.force_code = bases.force_code
        and shares.section_code = bases.section_code
        and shares.measure_code = bases.measure_code
        and shares.previous_quarter_label = bases.own_period
    where shares.own_period = shares.quarter_label
),

together as (
    select * from changes
    union all by name
    select * from share_changes
),

worded as (
    select
        together.quarter,
        together.force_code,
        together.section_code,
        together.slot,
        together.insight_position,
        together.row_position,
        together.sentence_style,
        together.measure_code,
        together.figure_id,
        together.base_figure_id,
        together.subject_name,
        measures.unit,
        measures.is_plural,
        together.current_value,
        together.base_value,
        together.current_parts,
        together.base_parts,
        together.difference,
        together.difference_pct,
        together.period,
        together.base_period,
        gap_reasons.gap_reason,
        coalesce(together.share_change_code, comparisons.change_code) as change_code,
        comparisons.months_lower,
        comparisons.months_higher,
        comparisons.months_equal
    from together
    inner join reports
        on together.quarter = reports.quarter
        and together.force_code = reports.force_code
    left join measures on together.measure_code = measures.measure_code
    left join gap_reasons
        on together.quarter = gap_reasons.quarter
        and together.force_code = gap_reasons.force_code
        and together.measure_code = gap_reasons.measure_code
    left join comparisons
        on together.force_code = comparisons.force_code
        and together.measure_code = comparisons.measure_code
        and together.comparison_code = comparisons.comparison_code
        and reports.end_date = comparisons.period_end
    where together.says_gaps or together.difference is not null
)

select * from worded
