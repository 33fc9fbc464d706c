-- What the sentences say about the rows of a table. Each change that they mention: two
-- figures of the pack and the code of their comparison (a share has the code of its own
-- change; a stock or an amount has none). Figures before and after a new definition are
-- not compared. And several rows together: the most frequent categories and the next
-- ones, the areas where a measure was highest, the range of a quarter's months.

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

unit_results as (
    select * from {{ ref('rpt_board_results') }}
    where part is null
),

recording_breaks as (
    select * from {{ ref('range_phases') }}
    where not is_comparable
),

outside_districts as (
    select district_name from {{ ref('int_districts') }}
    where force_code is null
),

-- A row with the form `change` has both counts.
changes as (
    select
        * replace (
            if(comparison_code = 'own', comparison, comparison_code) as comparison_code,
            cast(null as bigint) as numerator,
            cast(null as bigint) as denominator
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

both_kinds as (
    select * from changes
    union all by name
    select * from share_changes
),

-- Of what has no row in fct_comparisons: shares and counts of a quarter and the one
-- before it, and stocks in the last months of both.
with_base_starts as (
    select
        *,
        case periods
            when 'quarters' then {{ first_day_of_months(6, 'quarter_end_date') }}
            when 'quarter_ends' then {{ first_day_of_months(4, 'quarter_end_date') }}
        end as base_start
    from both_kinds
),

all_changes as (
    select
        * replace (
            if(
                {{ is_across_a_break(
                    'with_base_starts',
                    'with_base_starts.base_start',
                    'with_base_starts.quarter_end_date',
                ) }},
                'not_comparable',
                change_code
            ) as change_code
        )
    from with_base_starts
),

change_facts as (
    select
        all_changes.quarter,
        all_changes.force_code,
        all_changes.section_code,
        all_changes.slot,
        all_changes.insight_position,
        all_changes.row_position,
        all_changes.sentence_style,
        'insight_change' as kind,
        all_changes.measure_name as subject,
        all_changes.measure_code,
        coalesce(all_changes.change_code, comparisons.change_code) as change_code,
        all_changes.figure_id,
        all_changes.value,
        all_changes.base_figure_id,
        all_changes.base_value,
        to_json(struct_pack(
            unit_name := all_changes.unit_name,
            is_plural := measures.is_plural,
            polarity := measures.polarity,
            unit := measures.measure_unit,
            numerator := all_changes.numerator,
            denominator := all_changes.denominator,
            base_numerator := all_changes.base_numerator,
            base_denominator := all_changes.base_denominator,
            difference_pct := all_changes.difference_pct,
            months_lower := coalesce(
                unit_results.months_lower, comparisons.months_lower
            ),
            months_higher := coalesce(
                unit_results.months_higher, comparisons.months_higher
            ),
            months_equal := coalesce(
                unit_results.months_equal, comparisons.months_equal
            ),
            gap_reasons := measure_notes.reasons,
            is_defined_by_outcome := measures.is_defined_by_outcome,
            -- Interactions are those of one week of the month, not of its last day.
            periods := if(
                all_changes.periods = 'quarter_ends'
                and measures.measure_unit = 'interactions',
                'quarter_end_months',
                all_changes.periods
            ),
            row_period := coalesce(all_changes.period, all_changes.own_period),
            row_base_period := all_changes.base_period
        )) as facts
    from all_changes
    left join measures on all_changes.measure_code = measures.measure_code
    left join measure_notes
        on all_changes.quarter = measure_notes.quarter
        and all_changes.force_code = measure_notes.force_code
        and all_changes.measure_code = measure_notes.measure_code
    left join comparisons
        on all_changes.force_code = comparisons.force_code
        and all_changes.measure_code = comparisons.measure_code
        and all_changes.comparison_code = comparisons.comparison_code
        and all_changes.quarter_end_date = comparisons.period_end
    left join unit_results
        on all_changes.quarter = unit_results.quarter
        and all_changes.force_code = unit_results.force_code
        and all_changes.measure_code = unit_results.measure
        and all_changes.unit_name = unit_results.unit
    where
        all_changes.says_gaps
        or (all_changes.value is not null and all_changes.base_value is not null)
),

available_rows as (
    select * from insight_rows
    where is_available
),

categories as (
    select
        *,
        rank() over (
            partition by quarter, force_code, section_code, table_name
            order by numerator desc
        ) as place,
        struct_pack(
            category := category,
            numerator := numerator,
            share_pct := cast(share_pct as decimal(12, 1))
        ) as fact
    from available_rows
    where form = 'most' and numerator > 0
),

-- All categories that tie for first place are named.
most_frequent as (
    select
        quarter,
        force_code,
        section_code,
        slot,
        insight_position,
        1 as row_position,
        sentence_style,
        'insight_most' as kind,
        table_title as subject,
        to_json(struct_pack(
            denominator := max(denominator),
            most := list(fact order by row_position)
            filter (where place = 1),
            following := list(fact order by row_position)
            filter (where place = 2)
        )) as facts
    from categories
    group by
        quarter,
        force_code,
        section_code,
        slot,
        insight_position,
        sentence_style,
        table_title
),

areas as (
    select
        available_rows.*,
        rank() over (of_measure order by available_rows.value desc) as place,
        count(*) over of_measure as areas_in_all
    from available_rows
    left join outside_districts
        on available_rows.area_name = outside_districts.district_name
    where
        available_rows.form = 'areas'
        and outside_districts.district_name is null
        and available_rows.area_name <> {{ wording("'total_row'") }}
    window of_measure as (
        partition by
            available_rows.quarter,
            available_rows.force_code,
            available_rows.section_code,
            available_rows.table_name,
            available_rows.measure_code
    )
),

highest_areas as (
    select
        quarter,
        force_code,
        section_code,
        slot,
        insight_position,
        min(row_position) as row_position,
        sentence_style,
        'insight_areas' as kind,
        measure_name as subject,
        measure_code,
        to_json(struct_pack(
            periods := periods,
            row_period := null,
            row_base_period := null,
            highest := list(
                struct_pack(area_name := area_name, value := value)
                order by place, area_name
            ) filter (
                where place <= greatest(1, least(5, areas_in_all // 2)) and value > 0
            ),
            area_count := count(*),
            higher := count(*) filter (where change_code = 'higher'),
            lower := count(*) filter (where change_code = 'lower'),
            uneven := count(*) filter (where change_code = 'uneven'),
            no_clear_change := count(*) filter (where change_code = 'no_clear_change'),
            too_few := count(*) filter (where change_code = 'too_few'),
            not_comparable := count(*) filter (where change_code = 'not_comparable')
        )) as facts
    from areas
    group by
        quarter,
        force_code,
        section_code,
        slot,
        insight_position,
        sentence_style,
        measure_name,
        measure_code,
        periods
    having count(*) filter (where place <= 5 and value > 0) > 0
),

ranges as (
    select * from available_rows
    where form = 'range'
),

two_quarters as (
    select
        ranges.quarter,
        ranges.force_code,
        ranges.section_code,
        ranges.slot,
        ranges.insight_position,
        ranges.row_position,
        ranges.sentence_style,
        'insight_range' as kind,
        ranges.measure_name as subject,
        ranges.measure_code,
        to_json(struct_pack(
            periods := ranges.periods,
            row_period := null,
            row_base_period := null,
            lowest := ranges.lowest,
            highest := ranges.highest,
            average := cast(ranges.average as decimal(12, 1)),
            base_lowest := bases.lowest,
            base_highest := bases.highest,
            base_average := cast(bases.average as decimal(12, 1))
        )) as facts
    from ranges
    inner join ranges as bases
        on ranges.quarter = bases.quarter
        and ranges.force_code = bases.force_code
        and ranges.section_code = bases.section_code
        and ranges.table_name = bases.table_name
        and ranges.own_period <> bases.own_period
    where ranges.own_period = ranges.quarter_label
),

together as (
    select * from change_facts
    union all by name
    select * from most_frequent
    union all by name
    select * from highest_areas
    union all by name
    select * from two_quarters
)

select * from together
