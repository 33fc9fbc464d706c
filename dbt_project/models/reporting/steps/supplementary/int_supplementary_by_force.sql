-- One value for each supplementary measure and month, for the whole force or region.
-- Parts of a ratio are summed. A stock that is supplied by LPA has no total.

with

supplementary_measures as (
    select distinct measure_code from {{ ref('supplementary_measures') }}
),

monthly as (
    select * from {{ ref('fct_measures_monthly') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

-- A doubted district has no value, but its records count in the force.
counts as (
    select * from {{ ref('int_monthly_counts') }}
),

summed as (
    select
        monthly.force_code,
        monthly.measure_code,
        monthly.month,
        case
            when measures.kind <> 'ratio' and bool_and(monthly.is_supplied)
                then sum(coalesce(monthly.value, counts.value))
        end as value,
        case
            when bool_and(monthly.is_supplied)
                then sum(coalesce(monthly.numerator, counts.numerator))
        end as numerator,
        case
            when bool_and(monthly.is_supplied)
                then sum(coalesce(monthly.denominator, counts.denominator))
        end as denominator
    from monthly
    inner join measures on monthly.measure_code = measures.measure_code
    inner join supplementary_measures
        on monthly.measure_code = supplementary_measures.measure_code
    left join counts
        on monthly.force_code = counts.force_code
        and monthly.measure_code = counts.measure_code
        and monthly.month = counts.month
        and monthly.area_level = counts.area_level
        and monthly.area_code = counts.area_code
    where measures.kind <> 'stock' or monthly.area_level <> 'lpa'
    group by monthly.force_code, monthly.measure_code, monthly.month, measures.kind
)

select * from summed
