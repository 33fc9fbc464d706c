-- Crimes of the open data by force, area, crime type and month, and in the 12 months
-- that end with each month. Null if one of the months was not supplied or is doubted
-- for the type or the district, and for a district that is on no line. All crime is the
-- measure of that name: the types of its rules together. It has no count in a month
-- without a type that other months have, and no rate without a type that none has.

with

counts as (
    select * from {{ ref('int_open_counts') }}
),

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
    where extract = 'police_uk_street'
),

outcome_files as (
    select * from {{ ref('int_supplied_months') }}
    where extract = 'police_uk_outcomes' and is_supplied
),

doubted_measures as (
    select * from {{ ref('int_doubted_measures') }}
),

measure_rules as (
    select
        measure_code,
        crime_type
    from {{ ref('measure_rules') }}
    where crime_type is not null
),

all_crime_types as (
    select crime_type from measure_rules
    where measure_code = 'open_all_crime'
),

rules as (
    select * from measure_rules
    union all
    select
        'open_all_crime' as measure_code,
        {{ all_crime() }} as crime_type
),

all_areas as (
    select * from {{ ref('dim_areas') }}
    where area_level in ('district', 'force')
),

doubted_types as (
    select distinct
        doubted_measures.force_code,
        rules.crime_type,
        doubted_measures.month
    from doubted_measures
    inner join rules
        on doubted_measures.measure_code = rules.measure_code
    -- Without one of its types, all crime is not known, but the other types are.
    where not doubted_measures.lacks_type or rules.crime_type = {{ all_crime() }}
),

unavailable_measures as (
    select * from {{ ref('int_unavailable_measures') }}
),

-- Types without evidence before `first_month`, or at all if it is null: no count is 0.
unavailable_types as (
    select
        unavailable_measures.force_code,
        rules.crime_type,
        min(unavailable_measures.first_month) as first_month
    from unavailable_measures
    inner join rules
        on unavailable_measures.measure_code = rules.measure_code
    group by all
),

doubted_areas as (
    select * from {{ ref('int_doubted_areas') }}
    where extract = 'police_uk_street'
),

by_type as (
    select
        force_code,
        'district' as area_level,
        district_code as area_code,
        crime_type,
        recorded_month as month,
        crime_count,
        positive_count,
        not_positive_count,
        open_count,
        dated_count,
        months_to_outcome_sum
    from counts
),

by_district as (
    select * from by_type
    union all by name
    select
        by_type.force_code,
        by_type.area_level,
        by_type.area_code,
        {{ all_crime() }} as crime_type,
        by_type.month,
        sum(by_type.crime_count) as crime_count,
        sum(by_type.positive_count) as positive_count,
        sum(by_type.not_positive_count) as not_positive_count,
        sum(by_type.open_count) as open_count,
        sum(by_type.dated_count) as dated_count,
        sum(by_type.months_to_outcome_sum) as months_to_outcome_sum
    from by_type
    inner join all_crime_types on by_type.crime_type = all_crime_types.crime_type
    group by all
),

counted as (
    select * from by_district
    union all
    select
        force_code,
        'force' as area_level,
        force_code as area_code,
        crime_type,
        month,
        sum(crime_count) as crime_count,
        sum(positive_count) as positive_count,
        sum(not_positive_count) as not_positive_count,
        sum(open_count) as open_count,
        sum(dated_count) as dated_count,
        sum(months_to_outcome_sum) as months_to_outcome_sum
    from by_district
    group by all
),

crime_types as (
    select distinct crime_type from counted
),

named_areas as (
    select distinct
        force_code,
        area_level,
        area_code
    from counted
),

forces as (
    select distinct force_code from supplied_months
),

areas as (
    select all_areas.*
    from all_areas
    inner join forces on all_areas.force_code = forces.force_code
),

-- The outcome of a crime can be in the file of its month or of any later one.
months as (
    select
        supplied_months.force_code,
        supplied_months.month,
        supplied_months.is_supplied,
        bool_and(outcome_files.month is not null) over since_month
            as has_outcome_files,
        bool_and(outcome_files.month is not null) over since_12_months
            as has_outcome_files_12_months
    from supplied_months
    left join outcome_files
        on supplied_months.force_code = outcome_files.force_code
        and supplied_months.month = outcome_files.month
    window
        since_month as (
            partition by supplied_months.force_code
            order by supplied_months.month
            rows between current row and unbounded following
        ),
        since_12_months as (
            partition by supplied_months.force_code
            order by supplied_months.month
            rows between 11 preceding and unbounded following
        )
),

-- A month without crimes is 0 if it was supplied, otherwise null. A district without
-- any line is null too: its name may have a spelling that is in no list.
filled as (
    select
        areas.force_code,
        areas.area_level,
        areas.area_code,
        crime_types.crime_type,
        areas.population,
        months.month,
        months.is_supplied,
        months.has_outcome_files,
        months.has_outcome_files_12_months,
        case
            when
                months.is_supplied
                and doubted_types.month is null
                and doubted_areas.month is null
                and (
                    unavailable_types.crime_type is null
                    or months.month >= unavailable_types.first_month
                )
                and (areas.is_elsewhere or named_areas.area_code is not null)
                then coalesce(counted.crime_count, 0)
        end as crime_count,
        coalesce(counted.positive_count, 0) as positive_count,
        coalesce(counted.not_positive_count, 0) as not_positive_count,
        coalesce(counted.open_count, 0) as open_count,
        coalesce(counted.dated_count, 0) as dated_count,
        coalesce(counted.months_to_outcome_sum, 0) as months_to_outcome_sum
    from areas
    inner join months on areas.force_code = months.force_code
    cross join crime_types
    left join named_areas
        on areas.force_code = named_areas.force_code
        and areas.area_level = named_areas.area_level
        and areas.area_code = named_areas.area_code
    left join counted
        on areas.force_code = counted.force_code
        and areas.area_level = counted.area_level
        and areas.area_code = counted.area_code
        and crime_types.crime_type = counted.crime_type
        and months.month = counted.month
    left join doubted_types
        on areas.force_code = doubted_types.force_code
        and crime_types.crime_type = doubted_types.crime_type
        and months.month = doubted_types.month
    left join unavailable_types
        on areas.force_code = unavailable_types.force_code
        and crime_types.crime_type = unavailable_types.crime_type
    left join doubted_areas
        on areas.force_code = doubted_areas.force_code
        and areas.area_code = doubted_areas.district_code
        and months.month = doubted_areas.month
),

summed as (
    select
        *,
        count(crime_count) over last_12 = 12 as has_12_months,
        sum(crime_count) over last_12 as crimes,
        sum(positive_count) over last_12 as positives,
        sum(positive_count + not_positive_count + open_count) over last_12 as knowns,
        sum(dated_count) over last_12 as dateds,
        sum(months_to_outcome_sum) over last_12 as waited_months
    from filled
    window last_12 as (
        partition by force_code, area_level, area_code, crime_type
        order by month
        rows between 11 preceding and current row
    )
),

with_12_months as (
    select
        *,
        case when has_12_months then crimes end as crimes_12_months,
        case when has_12_months then positives end as positive_12_months,
        case when has_12_months then knowns end as known_outcome_12_months,
        case when has_12_months then dateds end as dated_12_months
    from summed
),

-- Without one of its types, all crime is too low to be compared by its rate.
type_missing as (
    select distinct
        with_12_months.force_code,
        with_12_months.area_level,
        with_12_months.area_code,
        {{ all_crime() }} as crime_type,
        with_12_months.month
    from with_12_months
    inner join all_crime_types
        on with_12_months.crime_type = all_crime_types.crime_type
    where with_12_months.crimes_12_months is null
),

with_types as (
    select
        with_12_months.*,
        type_missing.month is null as has_all_types
    from with_12_months
    left join type_missing
        using (force_code, area_level, area_code, crime_type, month)
),

final as (
    select
        force_code,
        area_level,
        area_code,
        crime_type,
        cast(crime_count as bigint) as crime_count,
        cast(case when crime_count is not null then positive_count end as bigint)
            as positive_count,
        cast(case when crime_count is not null then not_positive_count end as bigint)
            as not_positive_count,
        cast(case when crime_count is not null then open_count end as bigint)
            as open_count,
        cast(crimes_12_months as bigint) as crimes_12_months,
        cast(positive_12_months as bigint) as positive_12_months,
        cast(known_outcome_12_months as bigint) as known_outcome_12_months,
        {{ percentage('positive_12_months', 'known_outcome_12_months') }}
            as positive_12_months_pct,
        cast(
            {{ rounded_quotient('waited_months', 'dated_12_months', '1') }}
            as decimal(12, 1)
        ) as mean_months_to_outcome,
        case
            when has_all_types
                then {{ rate_per_1000('crimes_12_months', 'population') }}
        end as rate_per_1000,
        month,
        is_supplied,
        has_outcome_files,
        has_outcome_files_12_months
    from with_types
)

select * from final
