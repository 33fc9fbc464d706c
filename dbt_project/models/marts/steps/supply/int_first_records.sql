{{ config(materialized='table') }}

-- The first month with a record of each area in each extract, at every level except the
-- force's, which begins with the supply. Updates of crimes from before the supply do
-- not count.

with

crimes as (
    select distinct
        'crimes' as extract,
        force_code,
        district_code,
        recorded_month as month
    from {{ ref('fct_crimes') }}
    union all
    select distinct
        'police_uk_street' as extract,
        force_code,
        district_code,
        recorded_month as month
    from {{ ref('fct_open_crimes') }}
),

records as (
    select * from {{ ref('fct_supplementary_records') }}
),

spans as (
    select * from {{ ref('int_supply_spans') }}
),

districts as (
    select * from {{ ref('dim_districts') }}
),

combined_areas as (
    select distinct
        area_name,
        district_code
    from {{ ref('combined_areas') }}
),

found as (
    select
        extract,
        force_code,
        'district' as area_level,
        district_code as area_code,
        month
    from crimes
    union all
    select
        extract,
        force_code,
        area_level,
        area_code,
        month
    from records
),

supplied as (
    select found.*
    from found
    left join spans
        on found.extract = spans.extract and found.force_code = spans.force_code
    where (found.month < spans.first_month) is not true
),

with_larger as (
    select * from supplied
    union all
    select
        supplied.extract,
        supplied.force_code,
        'lpa' as area_level,
        districts.lpa_name as area_code,
        supplied.month
    from supplied
    inner join districts on supplied.area_code = districts.district_code
    where supplied.area_level = 'district' and districts.lpa_name is not null
    union all
    select
        supplied.extract,
        supplied.force_code,
        'combined_area' as area_level,
        combined_areas.area_name as area_code,
        supplied.month
    from supplied
    inner join combined_areas on supplied.area_code = combined_areas.district_code
    where supplied.area_level = 'district'
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
)

select * from first_records
