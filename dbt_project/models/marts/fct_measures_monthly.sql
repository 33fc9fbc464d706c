-- Every measure by month and area of its lowest level. If there is no record, the value
-- is 0 for a list of events, but null for a return (which would report a 0) and for a
-- month that was not supplied. A doubted district (int_doubted_areas) has no value in a
-- month that is supplied.

with

counts as (
    select * from {{ ref('int_monthly_counts') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

supplementary_measures as (
    select distinct
        measure_code,
        area_level,
        is_zero_when_absent
    from {{ ref('supplementary_measures') }}
),

districts as (
    select * from {{ ref('int_districts') }}
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

-- Crimes are a list of events with districts.
with_levels as (
    select
        measures.measure_code,
        measures.kind,
        measures.source_extract,
        measures.kind <> 'ratio' and {{ counts_events('measures.measure_unit') }}
            as is_count,
        coalesce(supplementary_measures.area_level, 'district') as area_level,
        coalesce(supplementary_measures.is_zero_when_absent, true)
            as is_zero_when_absent
    from measures
    left join supplementary_measures
        on measures.measure_code = supplementary_measures.measure_code
),

forces as (
    select distinct force_code from supplied_months
),

areas as (
    select
        force_code,
        'force' as area_level,
        force_code as area_code
    from forces
    union all
    select
        forces.force_code,
        'district' as area_level,
        districts.district_code as area_code
    from forces
    inner join districts
        on forces.force_code = districts.force_code or districts.force_code is null
    union all
    select distinct
        force_code,
        'lpa' as area_level,
        lpa_name as area_code
    from districts
    where lpa_name is not null
    union all
    select distinct
        force_code,
        'region' as area_level,
        area_code
    from counts
    where area_level = 'region'
),

spine as (
    select
        supplied_months.force_code,
        with_levels.measure_code,
        with_levels.source_extract,
        with_levels.kind = 'ratio' as is_ratio,
        with_levels.is_count,
        with_levels.is_zero_when_absent,
        supplied_months.month,
        areas.area_level,
        areas.area_code,
        supplied_months.is_supplied
    from supplied_months
    inner join with_levels on supplied_months.extract = with_levels.source_extract
    inner join areas
        on supplied_months.force_code = areas.force_code
        and with_levels.area_level = areas.area_level
),

filled as (
    select
        spine.* exclude (is_supplied),
        if(spine.is_zero_when_absent, coalesce(counts.value, 0), counts.value) as value,
        if(spine.is_ratio, coalesce(counts.numerator, 0), null) as numerator,
        if(spine.is_ratio, coalesce(counts.denominator, 0), null) as denominator,
        spine.is_supplied
        and (spine.is_zero_when_absent or counts.measure_code is not null)
            as is_supplied
    from spine
    left join counts using (force_code, measure_code, month, area_level, area_code)
),

with_evidence as (
    select
        filled.*,
        coalesce(
            filled.month >= unavailable_measures.first_month,
            unavailable_measures.measure_code is null
        )
        and doubted_measures.measure_code is null as is_measured,
        doubted_areas.district_code is null as is_area_known
    from filled
    left join unavailable_measures
        on filled.force_code = unavailable_measures.force_code
        and filled.measure_code = unavailable_measures.measure_code
    left join doubted_measures
        on filled.force_code = doubted_measures.force_code
        and filled.measure_code = doubted_measures.measure_code
        and filled.month = doubted_measures.month
    left join doubted_areas
        on filled.source_extract = doubted_areas.extract
        and filled.force_code = doubted_areas.force_code
        and filled.area_code = doubted_areas.district_code
        and filled.month = doubted_areas.month
),

known as (
    select
        *,
        is_supplied and is_measured and is_area_known as is_known
    from with_evidence
),

valued as (
    select
        force_code,
        measure_code,
        month,
        area_level,
        area_code,
        cast(
            case
                when not is_known then null
                when is_ratio
                    then 0.001 * {{ divide_half_away(
                        'cast(100000 * numerator as hugeint)',
                        'cast(denominator as hugeint)',
                    ) }}
                else value
            end as decimal(18, 3)
        ) as value,
        cast(if(is_known and is_count, value, null) as bigint) as monthly_count,
        cast(if(is_known, numerator, null) as bigint) as numerator,
        cast(if(is_known, denominator, null) as bigint) as denominator,
        is_supplied and is_measured as is_supplied
    from known
)

select * from valued
