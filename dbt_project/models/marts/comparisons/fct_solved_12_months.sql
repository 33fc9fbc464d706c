-- Crimes solved in 12 months (whenever they were recorded), divided by the crimes
-- recorded in the same 12 months. There is no rate if nobody can know it: if no crime
-- of the force has a known outcome, if a month has no outcome although a typical month
-- has many, or if crimes with an unlisted outcome would change the rate if they were
-- solved. Two rates are compared only if the 12 months before both were supplied:
-- crimes of those months can be solved in the earlier period too. Rates of different
-- things, as before and after a new definition, are not compared either. A measure that
-- is defined by an outcome has no rate.

with

crimes as (
    select * from {{ ref('fct_crimes') }}
    where outcome_code <> {{ no_outcome() }}
),

outcomes_by_month as (
    select
        force_code,
        cast(date_trunc('month', outcome_date) as date) as month,
        count(*) as outcome_count
    from crimes
    where has_positive_outcome is not null
    group by all
),

crime_measures as (
    select * from {{ ref('fct_crime_measures') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
    where source_extract = 'crimes' and not is_defined_by_outcome
),

measures_by_area as (
    select * from {{ ref('int_measures_by_area') }}
    where area_level <> 'combined_area'
),

districts as (
    select * from {{ ref('int_districts') }}
),

recording_breaks as (
    select * from {{ ref('range_phases') }}
    where not is_comparable
),

known_months as (
    select distinct
        measures_by_area.force_code,
        measures_by_area.month
    from measures_by_area
    inner join measures on measures_by_area.measure_code = measures.measure_code
    where measures_by_area.area_level = 'force' and measures_by_area.value is not null
),

-- Months that were not supplied are left out: updates of old crimes give some of them
-- one or two outcomes.
usual_outcomes as (
    select
        outcomes_by_month.force_code,
        median(outcomes_by_month.outcome_count) as typical_count
    from outcomes_by_month
    semi join known_months
        on outcomes_by_month.force_code = known_months.force_code
        and outcomes_by_month.month = known_months.month
    group by all
),

solved as (
    select
        crime_measures.force_code,
        crime_measures.measure_code,
        cast(date_trunc('month', crimes.outcome_date) as date) as month,
        crime_measures.district_code,
        districts.lpa_name,
        count(*) filter (where crimes.has_positive_outcome) as solved_count,
        count(*) filter (where crimes.has_positive_outcome is null) as unlisted_count
    from crimes
    inner join crime_measures on crimes.crime_id = crime_measures.crime_id
    inner join districts on crime_measures.district_code = districts.district_code
    where crimes.has_positive_outcome is not false
    group by all
),

solved_by_area as (
    select
        force_code,
        measure_code,
        month,
        'district' as area_level,
        district_code as area_code,
        sum(solved_count) as solved_count,
        sum(unlisted_count) as unlisted_count
    from solved
    group by all
    union all
    select
        force_code,
        measure_code,
        month,
        'lpa' as area_level,
        lpa_name as area_code,
        sum(solved_count) as solved_count,
        sum(unlisted_count) as unlisted_count
    from solved
    where lpa_name is not null
    group by all
    union all
    select
        force_code,
        measure_code,
        month,
        'force' as area_level,
        force_code as area_code,
        sum(solved_count) as solved_count,
        sum(unlisted_count) as unlisted_count
    from solved
    group by all
),

monthly as (
    select
        measures_by_area.force_code,
        measures_by_area.measure_code,
        measures_by_area.area_level,
        measures_by_area.area_code,
        measures_by_area.month,
        measures_by_area.value as recorded_count,
        case
            when
                measures_by_area.value is not null
                and (
                    outcomes_by_month.outcome_count > 0
                    or usual_outcomes.typical_count
                    < {{ supply_rule('doubted_from') }}
                )
                then coalesce(solved_by_area.solved_count, 0)
        end as solved_count,
        coalesce(solved_by_area.unlisted_count, 0) as unlisted_count
    from measures_by_area
    inner join measures on measures_by_area.measure_code = measures.measure_code
    left join usual_outcomes
        on measures_by_area.force_code = usual_outcomes.force_code
    left join outcomes_by_month
        on measures_by_area.force_code = outcomes_by_month.force_code
        and measures_by_area.month = outcomes_by_month.month
    left join solved_by_area
        on measures_by_area.force_code = solved_by_area.force_code
        and measures_by_area.measure_code = solved_by_area.measure_code
        and measures_by_area.month = solved_by_area.month
        and measures_by_area.area_level = solved_by_area.area_level
        and measures_by_area.area_code = solved_by_area.area_code
),

summed as (
    select
        force_code,
        measure_code,
        area_level,
        area_code,
        last_day(month) as period_end,
        case
            when count(recorded_count) over last_12 = 12
                then cast(sum(recorded_count) over last_12 as hugeint)
        end as recorded,
        case
            when count(solved_count) over last_12 = 12
                then cast(sum(solved_count) over last_12 as hugeint)
        end as listed_solved,
        cast(sum(unlisted_count) over last_12 as hugeint) as unlisted
    from monthly
    window last_12 as (
        partition by force_code, measure_code, area_level, area_code
        order by month
        rows between 11 preceding and current row
    )
),

certain as (
    select
        *,
        case
            when
                unlisted = 0
                or {{ percentage('listed_solved', 'recorded') }}
                = {{ percentage('(listed_solved + unlisted)', 'recorded') }}
                then listed_solved
        end as solved
    from summed
),

beside as (
    select
        *,
        lag(recorded, 12) over areas as previous_recorded,
        lag(solved, 12) over areas as previous_solved,
        lag(recorded, 24) over areas is not null as has_months_before,
        {{ first_day_of_months(24, 'period_end') }} as previous_start
    from certain
    window areas as (
        partition by force_code, measure_code, area_level, area_code
        order by period_end
    )
),

judged as (
    select
        *,
        has_months_before
        and not {{ is_across_a_break(
            'beside', 'beside.previous_start', 'beside.period_end'
        ) }} as is_comparable
    from beside
),

with_rates as (
    select
        force_code,
        measure_code,
        area_level,
        area_code,
        cast(previous_recorded as bigint) as previous_recorded,
        cast(previous_solved as bigint) as previous_solved,
        {{ percentage('previous_solved', 'previous_recorded') }}
            as previous_solved_pct,
        cast(recorded as bigint) as current_recorded,
        cast(solved as bigint) as current_solved,
        {{ percentage('solved', 'recorded') }} as current_solved_pct,
        case
            when is_comparable
                then {{ share_change_code(
                    'previous_solved', 'previous_recorded', 'solved', 'recorded'
                ) }}
            when previous_solved is not null and solved is not null
                then 'not_comparable'
        end as change_code,
        -- The difference of the unrounded rates.
        case
            when is_comparable
                then {{ percentage(
                    '(solved * previous_recorded - previous_solved * recorded)',
                    '(recorded * previous_recorded)',
                ) }}
        end as difference_points,
        period_end
    from judged
)

select * from with_rates
