{#-
    Exact arithmetic for published figures, without binary fractions; and the figures that
    are made of a comparison.
-#}

{#-
    a / b for whole numbers, rounded half away from zero to a whole number; null if b is
    0. Used on multiples of ten, it rounds 6.25 to 6.3 and -10.85 to -10.9.
-#}
{% macro divide_half_away(a, b) -%}
    case
        when {{ b }} <> 0
            then
                sign({{ a }}) * sign({{ b }})
                * ((2 * abs({{ a }}) + abs({{ b }})) // (2 * abs({{ b }})))
    end
{%- endmacro %}

{#- The sum as bigint; null if one of the values is null. -#}
{% macro sum_of_known(value) -%}
    case when count(*) = count({{ value }}) then cast(sum({{ value }}) as bigint) end
{%- endmacro %}

{#- 100 * part / whole as decimal(12, 1); null if whole is 0. -#}
{% macro percentage(part, whole) -%}
    cast(
        {{ divide_half_away(
            'cast(1000000 * (' ~ part ~ ') as hugeint)',
            'cast(1000 * (' ~ whole ~ ') as hugeint)',
        ) }} * 0.1 as decimal(12, 1)
    )
{%- endmacro %}

{#- Events per 1,000 people as decimal(12, 1); null if the population is null. -#}
{% macro rate_per_1000(events, population) -%}
    {{ percentage('10 * (' ~ events ~ ')', 'cast(' ~ population ~ ' as bigint)') }}
{%- endmacro %}

{#- 10 to the power of `places`, for 0 to 6; otherwise null. -#}
{% macro power_of_ten(places) -%}
    case {{ places }}
        when 0 then 1
        when 1 then 10
        when 2 then 100
        when 3 then 1000
        when 4 then 10000
        when 5 then 100000
        when 6 then 1000000
    end
{%- endmacro %}

{#-
    `a / b` as decimal(18, 6), rounded half away from zero to the number of decimal
    places in the column `places`. `a` and `b` have at most three decimal places.
-#}
{% macro rounded_quotient(a, b, places) -%}
    cast(
        {{ divide_half_away(
            'cast(1000 * (' ~ a ~ ') * ' ~ power_of_ten(places) ~ ' as hugeint)',
            'cast(1000 * (' ~ b ~ ') as hugeint)',
        ) }} * cast(1 as decimal(18, 6)) / {{ power_of_ten(places) }} as decimal(18, 6)
    )
{%- endmacro %}

{#-
    The steps from facts to `records`: one row per record and kind, measure, day, area
    and category in which it counts. Its day is the first day of its month, for an
    action the day of its plan, for a held line the end of each quarter. The model must
    have the CTEs crime_measures, crimes, open_crimes, supplementary_records, reports,
    strands, plan_actions, loads, held_lines (with reason_code) and reasons.
-#}
{% macro counted_records() -%}
crime_records as (
    select
        'crime' as record_kind,
        force_code,
        crime_id as record_id,
        measure_code,
        'value' as counted_as,
        recorded_month as counted_on,
        district_code as area_code,
        null as breakdown,
        null as category,
        1 as quantity
    from crime_measures
),

solved_records as (
    select
        'solved crime' as record_kind,
        crime_measures.force_code,
        crime_measures.crime_id as record_id,
        crime_measures.measure_code,
        'value' as counted_as,
        date_trunc('month', crimes.outcome_date) as counted_on,
        crime_measures.district_code as area_code,
        null as breakdown,
        null as category,
        1 as quantity
    from crime_measures
    inner join crimes on crime_measures.crime_id = crimes.crime_id
    where crimes.has_positive_outcome
),

counted_open_crimes as (
    select
        *,
        unnest(['value', 'known_outcome', 'positive_outcome']) as counted_as,
        unnest([
            true, outcome_result <> 'not_recognised', outcome_result = 'positive'
        ]) as is_counted
    from open_crimes
),

-- A crime type of open data has no measure: it is the category of a figure's part.
open_records as (
    select
        'open crime' as record_kind,
        force_code,
        load_id || ':' || line as record_id,
        null as measure_code,
        counted_as,
        recorded_month as counted_on,
        district_code as area_code,
        'crime_type' as breakdown,
        crime_type as category,
        1 as quantity
    from counted_open_crimes
    where is_counted
),

counted_supplementary as (
    select
        *,
        unnest(['value', 'numerator', 'denominator']) as counted_as,
        unnest([record_value, record_numerator, record_denominator]) as quantity
    from supplementary_records
),

supplementary as (
    select
        'supplementary' as record_kind,
        force_code,
        record_id,
        measure_code,
        counted_as,
        month as counted_on,
        area_code,
        breakdown,
        category,
        quantity
    from counted_supplementary
    where quantity <> 0 or (counted_as = 'value' and quantity is not null)
),

-- Two quarters have the same plan if no new one arrived before the second one's cut-
-- off.
latest_plan_actions as (
    select *
    from plan_actions
    qualify
        row_number() over (
            partition by force_code, action_id, plan_as_at_date order by quarter desc
        ) = 1
),

counted_actions as (
    select
        latest_plan_actions.force_code,
        latest_plan_actions.action_id,
        latest_plan_actions.plan_as_at_date as counted_on,
        strands.strand_name,
        unnest([
            'plan_actions_total',
            'plan_actions_complete',
            'plan_actions_ongoing',
            'plan_actions_at_risk',
            'days_overdue',
            'days_slipped'
        ]) as measure_code,
        unnest([
            1,
            cast(latest_plan_actions.action_status = 'Complete' as integer),
            cast(latest_plan_actions.action_status = 'Ongoing' as integer),
            cast(latest_plan_actions.is_at_risk as integer),
            coalesce(latest_plan_actions.days_overdue, 0),
            coalesce(latest_plan_actions.days_slipped, 0)
        ]) as quantity
    from latest_plan_actions
    inner join reports
        on latest_plan_actions.quarter = reports.quarter
        and latest_plan_actions.force_code = reports.force_code
    inner join strands
        on reports.strategy_code = strands.strategy_code
        and latest_plan_actions.strand_code = strands.strand_code
),

action_records as (
    select
        'action' as record_kind,
        force_code,
        action_id as record_id,
        measure_code,
        'value' as counted_as,
        counted_on,
        strand_name as area_code,
        case when measure_code in ('days_overdue', 'days_slipped') then 'action' end
            as breakdown,
        case when measure_code in ('days_overdue', 'days_slipped') then action_id end
            as category,
        quantity
    from counted_actions
    where quantity <> 0
),

-- Lines that are held now. They are the same for every quarter.
line_records as (
    select
        'held line' as record_kind,
        reports.force_code,
        held_lines.file_name || ':' || held_lines.line as record_id,
        'held_lines' as measure_code,
        'value' as counted_as,
        reports.quarter_end_date as counted_on,
        null as area_code,
        'file_and_reason' as breakdown,
        concat_ws(': ', held_lines.file_name, reasons.reason) as category,
        1 as quantity
    from held_lines
    inner join loads on held_lines.load_id = loads.load_id
    inner join reports on loads.force_code = reports.force_code
    inner join reasons
        on held_lines.extract = reasons.extract
        and held_lines.reason_code = reasons.reason_code
),

records as (
    select * from crime_records
    union all
    select * from solved_records
    union all
    select * from open_records
    union all
    select * from supplementary
    union all
    select * from action_records
    union all
    select * from line_records
)
{%- endmacro %}

{#-
    The columns of the figures that say how a count changed, from one row of a comparison:
    its periods, the difference, the percentage, both limits of the range, and the code
    of the change.
-#}
{% macro figures_of_change(base='base_count', difference='difference') -%}
    period_start as first_day,
    period_end as last_day,
    base_start as base_first_day,
    base_end as base_last_day,
    unnest(['difference', 'difference_pct', 'ratio_lower', 'ratio_upper'])
        as statistic,
    unnest([
        {{ difference }},
        cast(difference_pct as decimal(18, 3)),
        cast(range_lower_pct as decimal(18, 3)),
        cast(range_upper_pct as decimal(18, 3))
    ]) as value,
    unnest([null, {{ difference }}, null, null]) as numerator,
    unnest([null, {{ base }}, null, null]) as denominator,
    change_code
{%- endmacro %}

{#-
    Which of the values of a line are its extremes: all that tie. The texts name them by
    one rule (`tied` in reports/board/english.py).
-#}
{% macro extremes(value, line) -%}
    coalesce({{ value }} = min({{ value }}) over ({{ line }}), false) as is_lowest,
    coalesce({{ value }} = max({{ value }}) over ({{ line }}), false) as is_highest
{%- endmacro %}
