with

report_measures as (
    select * from {{ ref('int_report_measures') }}
),

months as (
    select * from {{ ref('int_report_months') }}
),

monthly as (
    select * from {{ ref('int_measures_by_area') }}
    where area_level = 'force'
),

spread as (
    select
        report_measures.quarter,
        report_measures.force_code,
        row_number() over (
            partition by report_measures.quarter, report_measures.force_code
            order by report_measures.row_position, months.month
        ) as row_position,
        report_measures.measure_code as measure,
        report_measures.measure_name,
        months.month_key as month,
        cast(monthly.value as bigint) as count,
        {{ status('monthly.value is not null') }} as status
    from report_measures
    inner join months
        on report_measures.quarter = months.quarter
        and report_measures.force_code = months.force_code
    left join monthly
        on report_measures.force_code = monthly.force_code
        and report_measures.measure_code = monthly.measure_code
        and months.month = monthly.month
)

select * from spread
