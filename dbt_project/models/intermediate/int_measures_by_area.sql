-- Every measure × month at district, LPA and force level. Not summed over measures that
-- are no flow, and null as soon as one of its parts is.

with

monthly as (
    select * from {{ ref('fct_measures_monthly') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
    where kind = 'flow'
),

districts as (
    select * from {{ ref('dim_districts') }}
),

flows as (
    select
        monthly.*,
        districts.lpa_name
    from monthly
    inner join measures on monthly.measure_code = measures.measure_code
    inner join districts on monthly.area_code = districts.district_code
),

by_district as (
    select
        force_code,
        measure_code,
        month,
        area_level,
        area_code,
        value
    from flows
),

by_lpa as (
    select
        force_code,
        measure_code,
        month,
        'lpa' as area_level,
        lpa_name as area_code,
        cast(case when bool_and(is_supplied) then sum(value) end as decimal(18, 3))
            as value
    from flows
    where lpa_name is not null
    group by all
),

by_force as (
    select
        force_code,
        measure_code,
        month,
        'force' as area_level,
        force_code as area_code,
        cast(case when bool_and(is_supplied) then sum(value) end as decimal(18, 3))
            as value
    from flows
    group by all
),

together as (
    select * from by_district
    union all
    select * from by_lpa
    union all
    select * from by_force
)

select * from together
