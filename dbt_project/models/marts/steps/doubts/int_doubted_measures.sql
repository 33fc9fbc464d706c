{{ config(materialized='table') }}

-- Months in which the count of a measure is doubted: it has no record, or far fewer
-- than a typical month, and many uncertain lines (held, or with an unlisted value)
-- could count towards it in this and the adjoining months. Without such lines a count
-- is not doubted, except a 0 in the open data, or of a measure whose flag or keyword is
-- no longer used, if many records would be expected. A measure of several crime types,
-- such as all crime, is not known in a month without one that other months have: the
-- months could not be compared.

with

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
    where is_supplied
),

measures as (
    select * from {{ ref('measures') }}
),

crime_measures as (
    select * from {{ ref('fct_crime_measures') }}
),

open_crimes as (
    select * from {{ ref('fct_open_crimes') }}
),

records as (
    select * from {{ ref('fct_supplementary_records') }}
    where breakdown is null
),

rules as (
    select * from {{ ref('measure_rules') }}
),

types_of_measures as (
    select
        measure_code,
        crime_type,
        count(*) over (partition by measure_code) as type_count
    from rules
    where crime_type is not null
),

-- A measure of several crime types, and the measure of each of these alone.
type_measures as (
    select
        measures_of_several.measure_code,
        measures_of_one.measure_code as type_measure_code
    from types_of_measures as measures_of_several
    inner join types_of_measures as measures_of_one
        on measures_of_several.crime_type = measures_of_one.crime_type
    where measures_of_several.type_count > 1 and measures_of_one.type_count = 1
),

unavailable_measures as (
    select * from {{ ref('int_unavailable_measures') }}
),

uncertain_lines as (
    select * from {{ ref('int_uncertain_lines') }}
),

confirmed as (
    select * from {{ ref('supply_confirmed') }}
    where measure_code is not null
),

-- Measures for which every rule needs a flag, a keyword or an outcome. Others depend on
-- the offence code, which is always sent.
marked as (
    select measure_code
    from rules
    group by all
    having bool_and(coalesce(flag, keyword, outcome_code) is not null)
),

counted as (
    select
        force_code,
        measure_code,
        recorded_month as month,
        count(*) as record_count
    from crime_measures
    group by all
    union all
    select
        open_crimes.force_code,
        rules.measure_code,
        open_crimes.recorded_month as month,
        count(*) as record_count
    from open_crimes
    inner join rules on open_crimes.crime_type = rules.crime_type
    group by all
    union all
    select
        force_code,
        measure_code,
        month,
        count(*) as record_count
    from records
    group by all
),

-- Months that were not supplied are left out: updates of old crimes give some of them
-- one or two records.
typical as (
    select
        counted.force_code,
        counted.measure_code,
        median(counted.record_count) as typical_count,
        -- So few records tell no rate: one robbery in two years is not one a month.
        case
            when
                sum(counted.record_count) >= {{ supply_rule('expected_lines') }}
                then
                    sum(counted.record_count)
                    / (date_diff('month', min(counted.month), max(counted.month)) + 1)
        end as mean_count,
        max(counted.month) as last_month
    from counted
    inner join measures on counted.measure_code = measures.measure_code
    semi join supplied_months
        on counted.force_code = supplied_months.force_code
        and measures.source_extract = supplied_months.extract
        and counted.month = supplied_months.month
    group by all
),

months_with_few as (
    select
        supplied_months.force_code,
        measures.measure_code,
        measures.source_extract,
        supplied_months.month,
        coalesce(counted.record_count, 0) as record_count,
        coalesce(typical.typical_count, 0) as typical_count,
        coalesce(typical.mean_count, 0) as mean_count,
        coalesce(
            supplied_months.month > typical.last_month
            and marked.measure_code is not null,
            false
        ) as has_stopped,
        {{ run_of_months(
            'supplied_months.month',
            of=['supplied_months.force_code', 'measures.measure_code'],
        ) }} as run
    from supplied_months
    inner join measures on supplied_months.extract = measures.source_extract
    left join counted
        on supplied_months.force_code = counted.force_code
        and measures.measure_code = counted.measure_code
        and supplied_months.month = counted.month
    left join typical
        on supplied_months.force_code = typical.force_code
        and measures.measure_code = typical.measure_code
    left join marked on measures.measure_code = marked.measure_code
    where
        counted.record_count is null
        or (
            measures.source_extract <> 'police_uk_street'
            and counted.record_count
            < typical.typical_count * {{ supply_rule('thin_share') }}
        )
),

uncertain as (
    select
        months_with_few.force_code,
        months_with_few.measure_code,
        months_with_few.source_extract,
        months_with_few.month,
        months_with_few.record_count,
        months_with_few.typical_count,
        months_with_few.has_stopped,
        coalesce(uncertain_lines.line_count, 0) as line_count,
        coalesce(sum(uncertain_lines.line_count) over runs, 0) as lines_of_run,
        avg(uncertain_lines.line_count) over runs as lines_a_month,
        -- The number of records that would be expected in all months without any.
        coalesce(
            sum(months_with_few.mean_count) filter (
                where months_with_few.record_count = 0
            ) over runs,
            0
        ) as expected_count
    from months_with_few
    left join uncertain_lines using (force_code, measure_code, month)
    window runs as (
        partition by
            months_with_few.force_code,
            months_with_few.measure_code,
            months_with_few.run
    )
),

doubted as (
    select
        uncertain.force_code,
        uncertain.measure_code,
        uncertain.month,
        uncertain.line_count,
        false as lacks_type
    from uncertain
    anti join confirmed
        on uncertain.force_code = confirmed.force_code
        and uncertain.measure_code = confirmed.measure_code
        and uncertain.month between confirmed.first_month and confirmed.last_month
    where
        (
            {{ has_enough_uncertain_lines() }}
        )
        or (
            uncertain.record_count = 0
            and (uncertain.source_extract = 'police_uk_street' or uncertain.has_stopped)
            and (
                uncertain.typical_count >= {{ supply_rule('doubted_from') }}
                or uncertain.expected_count >= {{ supply_rule('expected_lines') }}
            )
        )
),

-- Months in which a measure is not known, but is known in others.
not_known as (
    select
        doubted.force_code,
        doubted.measure_code,
        doubted.month
    from doubted
    semi join typical
        on doubted.force_code = typical.force_code
        and doubted.measure_code = typical.measure_code
    union all
    select
        unavailable_measures.force_code,
        unavailable_measures.measure_code,
        supplied_months.month
    from unavailable_measures
    inner join supplied_months
        on unavailable_measures.force_code = supplied_months.force_code
        and unavailable_measures.extract = supplied_months.extract
    where supplied_months.month < unavailable_measures.first_month
),

without_a_type as (
    select distinct
        not_known.force_code,
        type_measures.measure_code,
        not_known.month,
        0 as line_count,
        true as lacks_type
    from not_known
    inner join type_measures
        on not_known.measure_code = type_measures.type_measure_code
    anti join doubted
        on not_known.force_code = doubted.force_code
        and type_measures.measure_code = doubted.measure_code
        and not_known.month = doubted.month
),

together as (
    select * from doubted
    union all
    select * from without_a_type
)

select * from together
