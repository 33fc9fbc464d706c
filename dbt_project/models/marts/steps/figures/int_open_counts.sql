-- Crimes of the open data by type, month and district, with their outcomes.

with

crimes as (
    select * from {{ ref('fct_open_crimes') }}
),

counted as (
    select
        force_code,
        district_code,
        crime_type,
        recorded_month,
        count(*) as crime_count,
        count(*) filter (where outcome_result = 'positive') as positive_count,
        count(*) filter (where outcome_result = 'not_positive') as not_positive_count,
        count(*) filter (where outcome_result = 'open') as open_count,
        count(months_to_outcome) as dated_count,
        cast(coalesce(sum(months_to_outcome), 0) as bigint) as months_to_outcome_sum
    from crimes
    group by force_code, district_code, crime_type, recorded_month
)

select * from {{ counted('counted') }}
