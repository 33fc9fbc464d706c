{{ config(materialized='table') }}

-- Months without a record of a measure in which lines could count that are held or have
-- a value in no list: many of them, beside a typical month's records, in one run. A
-- month in which no such line could count is a 0, except of a type of the open data of
-- which a typical month has many.

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

rules as (
    select * from {{ ref('measure_rules') }}
),

uncertain_lines as (
    select * from {{ ref('int_uncertain_lines') }}
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
),

typical as (
    select
        force_code,
        measure_code,
        median(record_count) as typical_count
    from counted
    group by all
),

months_without as (
    select
        supplied_months.force_code,
        measures.measure_code,
        measures.source_extract,
        supplied_months.month,
        date_diff('month', date '2000-01-01', supplied_months.month)
        - row_number() over (
            partition by supplied_months.force_code, measures.measure_code
            order by supplied_months.month
        ) as run
    from supplied_months
    inner join measures on supplied_months.extract = measures.source_extract
    anti join counted
        on supplied_months.force_code = counted.force_code
        and measures.measure_code = counted.measure_code
        and supplied_months.month = counted.month
),

uncertain as (
    select
        months_without.force_code,
        months_without.measure_code,
        months_without.source_extract,
        months_without.month,
        coalesce(uncertain_lines.line_count, 0) as line_count,
        coalesce(typical.typical_count, 0) as typical_count,
        coalesce(sum(uncertain_lines.line_count) over runs, 0) as lines_of_run,
        avg(uncertain_lines.line_count) over runs as lines_a_month
    from months_without
    left join uncertain_lines using (force_code, measure_code, month)
    left join typical using (force_code, measure_code)
    window runs as (
        partition by
            months_without.force_code, months_without.measure_code, months_without.run
    )
),

doubted as (
    select
        force_code,
        measure_code,
        month,
        line_count
    from uncertain
    where
        (
            line_count > 0
            and lines_of_run >= {{ supply_rule('doubted_lines') }}
            and lines_a_month >= typical_count * {{ supply_rule('doubted_share') }}
        )
        or (
            source_extract = 'police_uk_street'
            and typical_count >= {{ supply_rule('doubted_from') }}
        )
)

select * from doubted
