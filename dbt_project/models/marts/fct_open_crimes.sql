with

-- An id is itself a hash, of 64 letters; 8 bytes stand for it while crimes are joined
-- (two of 5 million ids share theirs in one of a million archives). Read three times,
-- and twice for its keys alone; kept whole it would fill memory.
street as not materialized (
    select
        *,
        case when crime_id is not null then hash(force_code, crime_id) end as crime_key
    from {{ ref('stg_police_uk__street') }}
),

outcomes as (
    select
        hash(force_code, crime_id) as crime_key,
        outcome_type,
        outcome_month
    from {{ ref('stg_police_uk__outcomes') }}
    where crime_id is not null
),

known_outcomes as (
    select * from {{ ref('open_outcomes') }}
),

-- A type counts in several measures, so its spelling is looked up once per type.
types as (
    select distinct crime_type from {{ ref('measure_rules') }}
    where crime_type is not null
),

districts as (
    select * from {{ ref('districts') }}
),

district_names as (
    select
        unnest([lower(district_name), lower(former_name)]) as area_name,
        force_code,
        coalesce(became_code, district_code) as district_code
    from districts
),

-- A line with one of code and name is placed like those that have both.
areas as (
    select
        coalesce(lsoa_code, lsoa_name) as area_key,
        -- 'County Durham 004C': the district's name, then the area's number.
        lower(regexp_replace(max(lsoa_name), ' [^ ]+$', '')) as area_name
    from street
    group by all
),

placed_areas as (
    select
        areas.area_key,
        district_names.force_code,
        district_names.district_code
    from areas
    left join district_names on areas.area_name = district_names.area_name
    where areas.area_name is not null
),

-- Nobody can say which of the lines with the same id an outcome belongs to.
repeated as (
    select crime_key
    from street
    where crime_key is not null
    group by all
    having count(*) > 1
),

-- Several outcomes of one crime: those of several suspects, or one after another.
by_crime as (
    select
        outcomes.crime_key,
        count(*) as outcome_count,
        min(outcomes.outcome_month) filter (
            where known_outcomes.outcome_result = 'positive'
        ) as positive_month,
        min(outcomes.outcome_month) filter (
            where known_outcomes.outcome_result = 'not_positive'
        ) as not_positive_month
    from outcomes
    left join known_outcomes
        on lower(outcomes.outcome_type) = lower(known_outcomes.outcome_name)
    anti join repeated on outcomes.crime_key = repeated.crime_key
    group by all
),

described as (
    select
        street.load_id,
        street.line,
        street.force_code,
        case
            when placed_areas.area_key is null then 'UNKNOWN'
            when placed_areas.force_code = street.force_code
                then placed_areas.district_code
            else 'OUTSIDE'
        end as district_code,
        street.lsoa_code,
        street.crime_id,
        coalesce(types.crime_type, street.crime_type) as crime_type,
        street.location_name,
        street.last_outcome_category,
        case
            when street.crime_id is null then 'no_id'
            when repeated.crime_key is not null then 'id_repeated'
            when by_crime.crime_key is null then 'none'
            else 'matched'
        end as outcome_match,
        known_outcomes.outcome_result as last_result,
        by_crime.outcome_count,
        by_crime.positive_month,
        by_crime.not_positive_month,
        street.longitude,
        street.latitude,
        street.recorded_month
    from street
    left join types on lower(street.crime_type) = lower(types.crime_type)
    left join placed_areas
        on coalesce(street.lsoa_code, street.lsoa_name) = placed_areas.area_key
    left join known_outcomes
        on lower(street.last_outcome_category) = lower(known_outcomes.outcome_name)
    left join repeated on street.crime_key = repeated.crime_key
    left join by_crime on street.crime_key = by_crime.crime_key
),

judged as (
    select
        *,
        case
            when positive_month is not null or last_result = 'positive' then 'positive'
            when not_positive_month is not null then 'not_positive'
            else last_result
        end as outcome_result
    from described
),

dated as (
    select
        *,
        case outcome_result
            when 'positive' then positive_month
            when 'not_positive' then not_positive_month
        end as outcome_month
    from judged
),

final as (
    select
        load_id,
        line,
        force_code,
        district_code,
        lsoa_code,
        crime_id,
        crime_type,
        location_name,
        last_outcome_category,
        outcome_match,
        outcome_result,
        longitude,
        latitude,
        coalesce(outcome_count, 0) as outcome_count,
        date_diff('month', recorded_month, outcome_month) as months_to_outcome,
        recorded_month,
        outcome_month
    from dated
)

select * from final
