with

reports as (
    select * from {{ ref('dim_reports') }}
),

month_charts as (
    select * from {{ ref('month_charts') }}
),

months as (
    select distinct
        month_start_date as month,
        month_label,
        month_name
    from {{ ref('dim_dates') }}
),

by_force as (
    select * from {{ ref('int_supplementary_by_force') }}
),

shares as (
    select * from {{ ref('int_breakdown_shares') }}
),

by_month as (
    select
        reports.quarter,
        reports.force_code,
        'monthly_' || month_charts.measure_code as chart_name,
        row_number() over (
            partition by reports.quarter, reports.force_code, month_charts.measure_code
            order by months.month
        ) as point_position,
        months.month_label as point_label,
        months.month_name as point_name,
        cast(by_force.value as bigint) as value
    from reports
    cross join month_charts
    inner join months
        on reports.end_date >= months.month
        and months.month > reports.end_date - to_months(month_charts.month_count)
    left join by_force
        on reports.force_code = by_force.force_code
        and month_charts.measure_code = by_force.measure_code
        and months.month = by_force.month
),

by_category as (
    select
        quarter,
        force_code,
        table_name as chart_name,
        cast(row_position as bigint) as point_position,
        category as point_label,
        category as point_name,
        numerator as value
    from shares
),

together as (
    select * from by_month
    union all
    select * from by_category
)

select * from together
