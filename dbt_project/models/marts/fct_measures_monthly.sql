-- A doubted district (int_doubted_areas) has no value in a month that is supplied.

with

crime_measures as (
    select * from {{ ref('fct_crime_measures') }}
),

open_crimes as (
    select * from {{ ref('fct_open_crimes') }}
),

rules as (
    select * from {{ ref('measure_rules') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

supplementary_measures as (
    select * from {{ ref('supplementary_measures') }}
),

supplementary_months as (
    select * from {{ ref('int_supplementary_months') }}
),

districts as (
    select * from {{ ref('dim_districts') }}
),

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
),

unavailable_measures as (
    select * from {{ ref('int_unavailable_measures') }}
),

doubted_measures as (
    select * from {{ ref('int_doubted_measures') }}
),

doubted_areas as (
    select * from {{ ref('int_doubted_areas') }}
),

counted_measures as (
    select measures.*
    from measures
    anti join supplementary_measures
        on measures.measure_code = supplementary_measures.measure_code
),

-- Grouped by crime type first, because a type can count in several measures.
open_types as (
    select
        force_code,
        recorded_month,
        district_code,
        crime_type,
        count(*) as crime_count
    from open_crimes
    group by all
),

counted as (
    select
        force_code,
        measure_code,
        recorded_month as month,
        district_code,
        count(*) as crime_count
    from crime_measures
    group by all
    union all
    select
        open_types.force_code,
        rules.measure_code,
        open_types.recorded_month as month,
        open_types.district_code,
        sum(open_types.crime_count) as crime_count
    from open_types
    inner join rules on open_types.crime_type = rules.crime_type
    group by all
),

spine as (
    select
        supplied_months.force_code,
        counted_measures.measure_code,
        supplied_months.month,
        districts.district_code,
        supplied_months.is_supplied
    from supplied_months
    inner join counted_measures
        on supplied_months.extract = counted_measures.source_extract
    inner join districts
        on supplied_months.force_code = districts.force_code
        or districts.force_code is null
),

filled as (
    select
        spine.force_code,
        spine.measure_code,
        spine.month,
        'district' as area_level,
        spine.district_code as area_code,
        cast(
            case when spine.is_supplied then coalesce(counted.crime_count, 0) end
            as decimal(18, 3)
        ) as value,
        cast(null as decimal(18, 3)) as numerator,
        cast(null as decimal(18, 3)) as denominator,
        spine.is_supplied
    from spine
    left join counted using (force_code, measure_code, month, district_code)
),

together as (
    select * from filled
    union all
    select * from supplementary_months
),

with_evidence as (
    select
        together.*,
        coalesce(
            together.month >= unavailable_measures.first_month,
            unavailable_measures.measure_code is null
        )
        and doubted_measures.measure_code is null as is_measured,
        doubted_areas.district_code is null as is_area_known
    from together
    inner join measures on together.measure_code = measures.measure_code
    left join unavailable_measures
        on together.force_code = unavailable_measures.force_code
        and together.measure_code = unavailable_measures.measure_code
    left join doubted_measures
        on together.force_code = doubted_measures.force_code
        and together.measure_code = doubted_measures.measure_code
        and together.month = doubted_measures.month
    left join doubted_areas
        on measures.source_extract = doubted_areas.extract
        and together.force_code = doubted_areas.force_code
        and together.area_code = doubted_areas.district_code
        and together.month = doubted_areas.month
),

known as (
    select
        force_code,
        measure_code,
        month,
        area_level,
        area_code,
        case when is_measured and is_area_known then value end as value,
        case when is_measured and is_area_known then numerator end as numerator,
        case when is_measured and is_area_known then denominator end as denominator,
        is_supplied and is_measured as is_supplied
    from with_evidence
)

select * from known
