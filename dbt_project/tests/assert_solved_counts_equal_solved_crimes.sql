-- Counts the crimes with a positive outcome again, by the month of the outcome, for
-- each measure, district (or Unknown, Outside, Not recognised) and force.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'fct_solved_12_months'}},
        'description': 'The solved count of 12 months equals the crimes that got a'
            ~ ' positive outcome in those months.',
        'remedy': 'Compare fct_solved_12_months with fct_crimes for the measure,'
            ~ ' area and period shown, and correct the model.',
    },
) }}

with

solved as (
    select * from {{ ref('fct_solved_12_months') }}
    where area_level in ('district', 'force') and current_solved is not null
),

record_totals as (
    select
        *,
        counted_on as month
    from {{ ref('int_record_totals') }}
    where record_kind = 'solved crime'
),

areas as (
    select
        'district' as area_level,
        force_code,
        measure_code,
        area_code,
        month,
        quantity
    from record_totals
    union all
    select
        'force' as area_level,
        force_code,
        measure_code,
        force_code as area_code,
        month,
        sum(quantity) as quantity
    from record_totals
    group by all
),

recounted as (
    select
        solved.force_code,
        solved.measure_code,
        solved.area_level,
        solved.area_code,
        solved.period_end,
        solved.current_solved,
        coalesce(sum(areas.quantity), 0) as of_records
    from solved
    left join areas
        on solved.force_code = areas.force_code
        and solved.measure_code = areas.measure_code
        and solved.area_level = areas.area_level
        and solved.area_code = areas.area_code
        and solved.period_end >= areas.month
        and solved.period_end - interval 12 month < areas.month
    group by all
)

select * from recounted
where current_solved <> of_records
