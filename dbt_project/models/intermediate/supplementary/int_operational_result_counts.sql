with

results as (
    select * from {{ ref('int_operational_results') }}
),

summed as (
    select
        'operational_results' as extract,
        force_code,
        measure_code,
        month,
        'force' as area_level,
        force_code as area_code,
        sum(quantity) as value,
        null as numerator,
        null as denominator
    from results
    group by all
)

select * from summed
