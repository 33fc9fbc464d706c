{{ config(materialized='table') }}

-- Every flow (a count of events) by month at district, LPA, force and region level and
-- for areas that combine several districts, summed from the lowest level that is
-- supplied. Stocks and ratios cannot be summed, so they are not here. A sum is null if
-- one of its parts is null. The total of a force includes the records of doubted
-- districts: those that still have the district's code, and those with an unlisted
-- code.
--
-- An area is measured from the month of its first record in the measure's extract on;
-- updates of crimes from before the supply do not count. Forces and the members
-- Unknown, Outside the force and Not recognised always count as measured.

with

monthly as (
    select * from {{ ref('fct_measures_monthly') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
    where kind = 'flow'
),

districts as (
    select * from {{ ref('int_districts') }}
),

combined_areas as (
    select * from {{ ref('combined_areas') }}
),

counts as (
    select * from {{ ref('int_monthly_counts') }}
),

crimes as (
    select * from {{ ref('fct_crimes') }}
),

open_crimes as (
    select * from {{ ref('fct_open_crimes') }}
),

records as (
    select * from {{ ref('fct_supplementary_records') }}
),

spans as (
    select * from {{ ref('int_supply_spans') }}
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

by_combined_area as (
    select
        flows.force_code,
        flows.measure_code,
        flows.month,
        'combined_area' as area_level,
        combined_areas.area_name as area_code,
        cast(
            case when count(flows.value) = count(*) then sum(flows.value) end
            as decimal(18, 3)
        ) as value
    from flows
    inner join combined_areas
        on flows.measure_code = combined_areas.measure_code
        and flows.area_code = combined_areas.district_code
    where flows.area_level = 'district'
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
                    then sum(coalesce(flows.value, counts.value))
            end as decimal(18, 3)
        ) as value
    from flows
    left join counts
        on flows.force_code = counts.force_code
        and flows.measure_code = counts.measure_code
        and flows.month = counts.month
        and flows.area_level = counts.area_level
        and flows.area_code = counts.area_code
    where flows.area_level <> 'region'
    group by all
),

together as (
    select * from as_supplied
    union all
    select * from by_lpa
    union all
    select * from by_combined_area
    union all
    select * from by_force
),

found as (
    select distinct
        'crimes' as extract,
        force_code,
        'district' as area_level,
        district_code as area_code,
        recorded_month as month
    from crimes
    union all
    select distinct
        'police_uk_street' as extract,
        force_code,
        'district' as area_level,
        district_code as area_code,
        recorded_month as month
    from open_crimes
    union all
    select
        extract,
        force_code,
        area_level,
        area_code,
        month
    from records
),

since_start as (
    select found.*
    from found
    left join spans
        on found.extract = spans.extract and found.force_code = spans.force_code
    where (found.month < spans.first_month) is not true
),

larger_areas as (
    select
        district_code,
        'lpa' as area_level,
        lpa_name as area_code
    from districts
    where lpa_name is not null
    union
    select
        district_code,
        'combined_area' as area_level,
        area_name as area_code
    from combined_areas
),

with_larger as (
    select * from since_start
    union all
    select
        since_start.extract,
        since_start.force_code,
        larger_areas.area_level,
        larger_areas.area_code,
        since_start.month
    from since_start
    inner join larger_areas on since_start.area_code = larger_areas.district_code
    where since_start.area_level = 'district'
),

first_records as (
    select
        extract,
        force_code,
        area_level,
        area_code,
        min(month) as first_month
    from with_larger
    group by all
),

elsewhere as (
    select district_code from districts
    where force_code is null
),

with_first_records as (
    select
        together.*,
        together.area_level = 'force'
        or elsewhere.district_code is not null
        or coalesce(first_records.first_month <= together.month, false) as has_record
    from together
    inner join measures on together.measure_code = measures.measure_code
    left join elsewhere on together.area_code = elsewhere.district_code
    left join first_records
        on measures.source_extract = first_records.extract
        and together.force_code = first_records.force_code
        and together.area_level = first_records.area_level
        and together.area_code = first_records.area_code
)

select * from with_first_records
