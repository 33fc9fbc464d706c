with

crimes as (
    select * from {{ ref('int_latest_crimes') }}
),

offences as (
    select * from {{ ref('offences') }}
),

outcomes as (
    select * from {{ ref('outcomes') }}
),

districts as (
    select * from {{ ref('districts') }}
),

described as (
    select
        crimes.crime_id,
        crimes._force_code as force_code,
        case
            when crimes.district_code is null then 'UNKNOWN'
            when districts.force_code = crimes._force_code
                then coalesce(districts.became_code, crimes.district_code)
            else 'OUTSIDE'
        end as district_code,
        crimes.lsoa_code,
        crimes.offence_code,
        offences.offence_group,
        offences.offence_subgroup,
        crimes.crime_status,
        crimes.outcome_code,
        crimes.keywords,
        crimes.crime_status = 'Recorded' as is_counted,
        crimes.is_domestic_abuse,
        crimes.is_hate_crime,
        crimes.is_online,
        crimes.is_night_time_economy,
        coalesce(outcomes.is_positive, false) as has_positive_outcome,
        cast(date_trunc('month', crimes.recorded_at) as date) as recorded_month,
        crimes.recorded_at,
        crimes.committed_from,
        crimes.committed_to,
        crimes.outcome_date,
        crimes._load_id as load_id,
        crimes._line as line
    from crimes
    inner join offences on crimes.offence_code = offences.offence_code
    left join outcomes on crimes.outcome_code = outcomes.outcome_code
    left join districts on crimes.district_code = districts.district_code
)

select * from described
