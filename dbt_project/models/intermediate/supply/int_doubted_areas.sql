{{ config(materialized='table') }}

-- Months without a record of a district of which a typical month has many, or in which
-- many records have a district in no list: its code or its name may have changed, or is
-- no longer given. As int_doubted_measures has it for measures.

with

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
    where is_supplied
),

districts as (
    select * from {{ ref('dim_districts') }}
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

unlisted as (
    select * from counted
    where district_code = {{ not_recognised_district() }}
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

months_without as (
    select
        supplied_months.extract,
        supplied_months.force_code,
        districts.district_code,
        supplied_months.month,
        typical.typical_count,
        {{ run_of_months(
            'supplied_months.month',
            of=[
                'supplied_months.extract',
                'supplied_months.force_code',
                'districts.district_code',
            ],
        ) }} as run
    from supplied_months
    inner join districts on supplied_months.force_code = districts.force_code
    inner join typical
        on supplied_months.extract = typical.extract
        and supplied_months.force_code = typical.force_code
        and districts.district_code = typical.district_code
    anti join counted
        on supplied_months.extract = counted.extract
        and supplied_months.force_code = counted.force_code
        and districts.district_code = counted.district_code
        and supplied_months.month = counted.month
),

uncertain as (
    select
        months_without.extract,
        months_without.force_code,
        months_without.district_code,
        months_without.month,
        months_without.typical_count,
        coalesce(unlisted.record_count, 0) as line_count,
        sum(unlisted.record_count) over runs as lines_of_run,
        avg(unlisted.record_count) over runs as lines_a_month
    from months_without
    left join unlisted using (extract, force_code, month)
    window runs as (
        partition by
            months_without.extract,
            months_without.force_code,
            months_without.district_code,
            months_without.run
    )
),

doubted as (
    select
        extract,
        force_code,
        district_code,
        month,
        line_count
    from uncertain
    where
        (
            {{ has_enough_uncertain_lines() }}
        )
        or typical_count >= {{ supply_rule('doubted_from') }}
)

select * from doubted
