-- Every supplementary measure by month and area. If there is no row, the value is 0 for
-- a list of events, but null for a return (which would report a 0) and for a month that
-- was not supplied.

with

counts as (
    select * from {{ ref('int_supplementary_counts') }}
),

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
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
    select * from {{ ref('dim_districts') }}
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
        measures.measure_code,
        measures.kind,
        supplied_months.month,
        areas.area_level,
        areas.area_code,
        supplied_months.is_supplied,
        supplementary_measures.is_zero_when_absent
    from supplied_months
    inner join measures on supplied_months.extract = measures.source_extract
    inner join supplementary_measures
        on measures.measure_code = supplementary_measures.measure_code
    inner join areas
        on supplied_months.force_code = areas.force_code
        and supplementary_measures.area_level = areas.area_level
),

filled as (
    select
        spine.force_code,
        spine.measure_code,
        spine.kind,
        spine.month,
        spine.area_level,
        spine.area_code,
        counts.value,
        case when spine.kind = 'ratio' then coalesce(counts.numerator, 0) end
            as numerator,
        case when spine.kind = 'ratio' then coalesce(counts.denominator, 0) end
            as denominator,
        spine.is_zero_when_absent,
        spine.is_supplied
        and (spine.is_zero_when_absent or counts.measure_code is not null)
            as is_supplied
    from spine
    left join counts using (force_code, measure_code, month, area_level, area_code)
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
                when not is_supplied then null
                when kind = 'ratio'
                    then 0.001 * {{ divide_half_away(
                        'cast(100000 * numerator as hugeint)',
                        'cast(denominator as hugeint)',
                    ) }}
                when is_zero_when_absent then coalesce(value, 0)
                else value
            end as decimal(18, 3)
        ) as value,
        cast(case when is_supplied then numerator end as decimal(18, 3)) as numerator,
        cast(case when is_supplied then denominator end as decimal(18, 3))
            as denominator,
        is_supplied
    from filled
)

select * from valued
