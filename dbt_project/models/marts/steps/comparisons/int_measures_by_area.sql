{{ config(materialized='table') }}

-- Every flow (a count of events) by month at district, LPA, force and region level,
-- summed from the lowest level that is supplied. Stocks and ratios cannot be summed, so
-- they are not here. A sum is null if one of its parts is null. The total of a force
-- includes the records of doubted districts: those that still have the district's code,
-- and those with an unlisted code.

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

withheld as (
    select * from {{ ref('int_withheld_counts') }}
),

flows as (
    select
        monthly.*,
        case
            when monthly.area_level = 'lpa' then monthly.area_code
            else districts.lpa_name
        end as lpa_name
    from monthly
    inner join measures on monthly.measure_code = measures.measure_code
    left join districts on monthly.area_code = districts.district_code
),

as_supplied as (
    select
        force_code,
        measure_code,
        month,
        area_level,
        area_code,
        value
    from flows
    where area_level in ('district', 'region')
),

by_lpa as (
    select
        force_code,
        measure_code,
        month,
        'lpa' as area_level,
        lpa_name as area_code,
        cast(case when count(value) = count(*) then sum(value) end as decimal(18, 3))
            as value
    from flows
    where lpa_name is not null
    group by all
),

by_force as (
    select
        flows.force_code,
        flows.measure_code,
        flows.month,
        'force' as area_level,
        flows.force_code as area_code,
        cast(
            case
                when bool_and(flows.is_supplied)
                    then sum(coalesce(flows.value, withheld.value))
            end as decimal(18, 3)
        ) as value
    from flows
    left join withheld
        on flows.force_code = withheld.force_code
        and flows.measure_code = withheld.measure_code
        and flows.month = withheld.month
        and flows.area_level = 'district'
        and flows.area_code = withheld.district_code
    where flows.area_level <> 'region'
    group by all
),

together as (
    select * from as_supplied
    union all
    select * from by_lpa
    union all
    select * from by_force
)

select * from together
