with

-- A crime id is a hash of 64 characters. Joins use an 8-byte hash of it instead. (In
-- one of a million archives with 5 million ids, two ids would have the same one.) Not
-- materialized: it is read three times, twice for its keys only, and would fill the
-- memory.
street as {{ not_materialized() }} (
    select
        *,
        case
            when crime_id is not null then {{ hash_of(['force_code', 'crime_id']) }}
        end as crime_key
    from {{ ref('stg_police_uk__street') }}
),

outcomes as (
    select
        {{ hash_of(['force_code', 'crime_id']) }} as crime_key,
        outcome_type,
        outcome_month
    from {{ ref('stg_police_uk__outcomes') }}
    where crime_id is not null
),

known_outcomes as (
    select * from {{ ref('open_outcomes') }}
),

known_types as (
    select distinct crime_type from {{ ref('measure_rules') }}
    where crime_type <> {{ not_recognised() }}
),

-- Few spellings are on many lines, so each spelling is looked up once.
types as (
    select
        spelled.crime_type as spelling,
        coalesce(known_types.crime_type, {{ not_recognised() }}) as crime_type
    from (select distinct crime_type from street) as spelled
    left join known_types
        on {{ plain_name('spelled.crime_type') }}
        = {{ plain_name('known_types.crime_type') }}
),

results as (
    select
        spelled.outcome as spelling,
        coalesce(known_outcomes.outcome_result, 'not_recognised') as outcome_result
    from (
        select last_outcome_category as outcome from street
        union
        select outcome_type as outcome from outcomes
    ) as spelled
    left join known_outcomes
        on {{ plain_name('spelled.outcome') }}
        = {{ plain_name('known_outcomes.outcome_name') }}
    where spelled.outcome is not null
),

districts as (
    select * from {{ ref('districts') }}
),

small_area_names as (
    select * from {{ ref('small_area_names') }}
),

all_names as (
    select
        district_name as area_name,
        district_code
    from districts
    union all
    select
        small_area_name as area_name,
        district_code
    from small_area_names
),

district_names as (
    select
        {{ plain_name('all_names.area_name') }} as area_name,
        districts.force_code,
        coalesce(districts.became_code, districts.district_code) as district_code
    from all_names
    inner join districts on all_names.district_code = districts.district_code
),

spelled_areas as (
    select distinct
        lsoa_code,
        lsoa_name
    from street
),

-- A line without the name of its small area gets the name that other lines have with
-- the same code, if they all have the same name.
areas as (
    select
        lsoa_code,
        lsoa_name,
        coalesce(
            lsoa_name,
            case
                when
                    min(lsoa_name) over same_code = max(lsoa_name) over same_code
                    then max(lsoa_name) over same_code
            end
        ) as full_name
    from spelled_areas
    window same_code as (partition by lsoa_code)
),

named_areas as (
    select
        lsoa_code,
        lsoa_name,
        -- 'County Durham 004C': the district's name, then the area's number.
        {{ plain_name(without_pattern('full_name', ' [0-9]+[A-Za-z]*\\z')) }}
            as area_name
    from areas
),

placed_areas as (
    select
        named_areas.lsoa_code,
        named_areas.lsoa_name,
        district_names.force_code,
        district_names.district_code
    from named_areas
    left join district_names on named_areas.area_name = district_names.area_name
),

-- Ids on several lines: an outcome could belong to any of them.
repeated as (
    select crime_key
    from street
    where crime_key is not null
    group by all
    having count(*) > 1
),

-- A crime can have several outcomes: of several suspects, or one after another.
by_crime as (
    select
        outcomes.crime_key,
        count(*) as outcome_count,
        min(outcomes.outcome_month) filter (
            where results.outcome_result = 'positive'
        ) as positive_month,
        min(outcomes.outcome_month) filter (
            where results.outcome_result = 'not_positive'
        ) as not_positive_month,
        bool_or(results.outcome_result = 'not_recognised') as has_unknown_outcome
    from outcomes
    left join results on outcomes.outcome_type = results.spelling
    anti join repeated on outcomes.crime_key = repeated.crime_key
    group by all
),

described as (
    select
        street.load_id,
        street.line,
        street.force_code,
        {{ placed_district(
            'coalesce(street.lsoa_code, street.lsoa_name)',
            'placed_areas.district_code',
            'placed_areas.force_code',
            'placed_areas.district_code',
            'street.force_code',
        ) }} as district_code,
        street.lsoa_code,
        street.crime_id as open_crime_id,
        types.crime_type,
        street.location_name,
        street.last_outcome_category,
        case
            when street.crime_id is null then 'no_id'
            when repeated.crime_key is not null then 'id_repeated'
            when by_crime.crime_key is null then 'none'
            else 'matched'
        end as outcome_match,
        results.outcome_result as last_result,
        coalesce(by_crime.has_unknown_outcome, false) as has_unknown_outcome,
        by_crime.outcome_count,
        by_crime.positive_month,
        by_crime.not_positive_month,
        street.longitude,
        street.latitude,
        street.recorded_month
    from street
    inner join types on street.crime_type is not distinct from types.spelling
    left join placed_areas
        on street.lsoa_code is not distinct from placed_areas.lsoa_code
        and street.lsoa_name is not distinct from placed_areas.lsoa_name
    left join results on street.last_outcome_category = results.spelling
    left join repeated on street.crime_key = repeated.crime_key
    left join by_crime on street.crime_key = by_crime.crime_key
),

-- An unlisted outcome could be a positive one.
judged as (
    select
        *,
        case
            when positive_month is not null or last_result = 'positive' then 'positive'
            when has_unknown_outcome then 'not_recognised'
            when last_result = 'not_recognised' then 'not_recognised'
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
        open_crime_id,
        crime_type,
        location_name,
        last_outcome_category,
        outcome_match,
        outcome_result,
        longitude,
        latitude,
        coalesce(outcome_count, 0) as outcome_count,
        cast(
            12 * (year(outcome_month) - year(recorded_month))
            + month(outcome_month) - month(recorded_month) as bigint
        ) as months_to_outcome,
        recorded_month,
        outcome_month
    from dated
)

select * from {{ counted('final') }}
