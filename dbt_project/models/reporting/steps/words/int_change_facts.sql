-- Each change that the sentences mention: two figures of the pack, and the code of
-- their comparison. A share has the code of its own change; a stock or an amount has
-- none.

with

insight_rows as (
    select * from {{ ref('int_insight_rows') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

measure_notes as (
    select * from {{ ref('int_measure_notes') }}
),

comparisons as (
    select * from {{ ref('fct_comparisons') }}
    where area_level = 'force'
),

-- A row with the form `change` has both counts.
changes as (
    select
        * replace (
            if(comparison_code = 'own', comparison, comparison_code) as comparison_code,
            cast(null as bigint) as numerator,
            cast(null as bigint) as denominator,
            cast(null as varchar) as change_code
        ),
        cast(null as bigint) as base_numerator,
        cast(null as bigint) as base_denominator,
        {{ percentage('value - base_value', 'base_value') }} as difference_pct
    from insight_rows
    where form = 'change'
),

-- A share has one row for each quarter. Its change has no percentage.
shares as (
    select
        * replace (
            cast(numerator as bigint) as numerator,
            cast(denominator as bigint) as denominator
        )
    from insight_rows
    where form = 'share'
),

share_changes as (
    select
        shares.* replace (
            bases.value as base_value,
            bases.figure_id as base_figure_id,
            {{ share_change_code(
                'bases.numerator',
                'bases.denominator',
                'shares.numerator',
                'shares.denominator',
            ) }} as change_code
        ),
        bases.numerator as base_numerator,
        bases.denominator as base_denominator,
        cast(null as decimal(12, 1)) as difference_pct
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

said as (
    select
        together.quarter,
        together.force_code,
        together.section_code,
        together.slot,
        together.insight_position,
        together.row_position,
        together.sentence_style,
        'insight_change' as kind,
        together.measure_name as subject,
        together.measure_code,
        coalesce(together.change_code, comparisons.change_code) as change_code,
        together.figure_id,
        together.value,
        together.base_figure_id,
        together.base_value,
        to_json(struct_pack(
            unit_name := together.unit_name,
            is_plural := measures.is_plural,
            unit := measures.unit,
            numerator := together.numerator,
            denominator := together.denominator,
            base_numerator := together.base_numerator,
            base_denominator := together.base_denominator,
            difference_pct := together.difference_pct,
            months_lower := comparisons.months_lower,
            months_higher := comparisons.months_higher,
            months_equal := comparisons.months_equal,
            gap_reasons := measure_notes.reasons,
            periods := together.periods,
            row_period := coalesce(together.period, together.own_period),
            row_base_period := together.base_period
        )) as facts
    from together
    left join measures on together.measure_code = measures.measure_code
    left join measure_notes
        on together.quarter = measure_notes.quarter
        and together.force_code = measure_notes.force_code
        and together.measure_code = measure_notes.measure_code
    left join comparisons
        on together.force_code = comparisons.force_code
        and together.measure_code = comparisons.measure_code
        and together.comparison_code = comparisons.comparison_code
        and together.end_date = comparisons.period_end
    where
        together.says_gaps
        or (together.value is not null and together.base_value is not null)
)

select * from said
