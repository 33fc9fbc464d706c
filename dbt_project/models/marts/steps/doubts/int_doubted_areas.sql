{{ config(materialized='table') }}

-- Months in which a district's count is doubted, because its code or name may have
-- changed or may no longer be given. Either the district has no record, and a typical
-- month has many, or many records of the month have an unlisted district. Or the
-- district has far fewer records than a typical month with many, and as many records
-- have an unlisted district or (more than usual) no district.

with

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
    where is_supplied
),

districts as (
    select * from {{ ref('int_districts') }}
),

crimes as (
    select * from {{ ref('fct_crimes') }}
),

open_crimes as (
    select * from {{ ref('fct_open_crimes') }}
),

records as (
    select * from {{ ref('fct_supplementary_records') }}
    where breakdown is null and area_level = 'district'
),

counted as (
    select
        'crimes' as extract,
        force_code,
        district_code,
        recorded_month as month,
        count(*) as record_count
    from crimes
    group by all
    union all
    select
        'police_uk_street' as extract,
        force_code,
        district_code,
        recorded_month as month,
        count(*) as record_count
    from open_crimes
    group by all
    union all
    select
        extract,
        force_code,
        area_code as district_code,
        month,
        count(distinct record_id) as record_count
    from records
    group by all
),

elsewhere as (
    select
        extract,
        force_code,
        month,
        coalesce(
            sum(record_count) filter (
                where district_code = {{ not_recognised_district() }}
            ),
            0
        ) as line_count,
        coalesce(
            sum(record_count) filter (where district_code = {{ unknown_district() }}),
            0
        ) as blank_count
    from counted
    group by all
),

typical as (
    select
        counted.extract,
        counted.force_code,
        counted.district_code,
        median(counted.record_count) as typical_count
    from counted
    semi join supplied_months using (extract, force_code, month)
    group by all
),

usual_blanks as (
    select * from typical
    where district_code = {{ unknown_district() }}
),

district_months as (
    select
        supplied_months.extract,
        supplied_months.force_code,
        districts.district_code,
        supplied_months.month,
        typical.typical_count,
        coalesce(counted.record_count, 0) as record_count,
        typical.typical_count >= {{ supply_rule('doubted_from') }} as is_many,
        coalesce(elsewhere.line_count, 0) as line_count,
        coalesce(elsewhere.blank_count, 0) as blank_count,
        greatest(
            coalesce(elsewhere.blank_count - usual_blanks.typical_count, 0), 0
        ) as more_blanks
    from supplied_months
    inner join districts on supplied_months.force_code = districts.force_code
    inner join typical
        on supplied_months.extract = typical.extract
        and supplied_months.force_code = typical.force_code
        and districts.district_code = typical.district_code
    left join counted
        on supplied_months.extract = counted.extract
        and supplied_months.force_code = counted.force_code
        and districts.district_code = counted.district_code
        and supplied_months.month = counted.month
    left join elsewhere
        on supplied_months.extract = elsewhere.extract
        and supplied_months.force_code = elsewhere.force_code
        and supplied_months.month = elsewhere.month
    left join usual_blanks
        on supplied_months.extract = usual_blanks.extract
        and supplied_months.force_code = usual_blanks.force_code
),

-- Only districts with many records a month are tested. A small district can have few by
-- chance, and the number of records without a district varies as much.
months_with_few as (
    select
        * exclude (line_count),
        line_count as unlisted_count,
        line_count + if(is_many, more_blanks, 0) as line_count,
        {{ run_of_months('month', of=['extract', 'force_code', 'district_code']) }}
            as run
    from district_months
    where
        record_count = 0
        or (is_many and record_count < typical_count * {{ supply_rule('thin_share') }})
),

uncertain as (
    select
        *,
        sum(line_count) over runs as lines_of_run,
        avg(nullif(line_count, 0)) over runs as lines_a_month
    from months_with_few
    window runs as (partition by extract, force_code, district_code, run)
),

doubted as (
    select
        extract,
        force_code,
        district_code,
        month,
        record_count,
        unlisted_count as line_count,
        blank_count
    from uncertain
    where
        (
            {{ has_enough_uncertain_lines() }}
        )
        or (record_count = 0 and is_many)
)

select * from doubted
