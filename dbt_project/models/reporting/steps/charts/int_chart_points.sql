{{ config(materialized='table') }}

-- The points of the charts of figures: the months of recorded crime and of
-- supplementary measures, and the categories of a table. A measure that informs only
-- strands of other strategies has none.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

month_charts as (
    select * from {{ ref('month_charts') }}
),

windows as (
    select * from {{ ref('int_table_windows') }}
),

months as (
    select distinct
        month_start_date as month,
        month_label
    from {{ ref('dim_dates') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

by_force as (
    select * from {{ ref('int_supplementary_by_force') }}
),

monthly as (
    select * from {{ ref('fct_measures_monthly') }}
),

tables as (
    select * from {{ ref('table_details') }}
    where row_kind = 'categories'
),

cells as (
    select * from {{ ref('rpt_cells') }}
),

measures_of_others as (
    select * from {{ ref('int_parts_of_others') }}
    where part_kind = 'measure'
),

report_measures as (
    select * from {{ ref('int_report_measures') }}
    where is_reported
),

recorded as (
    select
        cells.quarter,
        cells.force_code,
        'monthly_' || cells.measure_code as chart_name,
        row_number() over (
            partition by cells.quarter, cells.force_code, cells.measure_code
            order by cells.first_day
        ) as point_position,
        cast(null as varchar) as series,
        months.month_label as point_label,
        cast(cells.figure_value as decimal(18, 1)) as value,
        cells.first_day as month,
        report_measures.is_delivered
    from cells
    inner join report_measures using (quarter, force_code, measure_code)
    inner join months on cells.first_day = months.month
    where cells.table_name = 'monthly_counts' and cells.column_name = 'count'
),

-- A ratio's points are percentages. A stock that is supplied by local policing area has
-- one series for each area.
valued as (
    select
        by_force.force_code,
        by_force.measure_code,
        by_force.month,
        cast(null as varchar) as series,
        case
            when measures.kind = 'ratio'
                then {{ percentage('by_force.numerator', 'by_force.denominator') }}
            else by_force.value
        end as value
    from by_force
    inner join measures on by_force.measure_code = measures.measure_code
    union all
    select
        monthly.force_code,
        monthly.measure_code,
        monthly.month,
        monthly.area_code as series,
        monthly.value
    from monthly
    inner join measures on monthly.measure_code = measures.measure_code
    where measures.kind = 'stock' and monthly.area_level = 'lpa'
),

series as (
    select distinct
        force_code,
        measure_code,
        series
    from valued
),

-- The chart shows the same months as its table, if it has one.
chart_ends as (
    select
        reports.quarter,
        reports.force_code,
        month_charts.measure_code,
        coalesce(
            windows.first_month,
            reports.quarter_end_date - to_months(month_charts.month_count)
        ) as starts_from,
        coalesce(windows.last_month, reports.quarter_end_date) as last_month
    from reports
    cross join month_charts
    anti join measures_of_others
        on reports.quarter = measures_of_others.quarter
        and reports.force_code = measures_of_others.force_code
        and month_charts.measure_code = measures_of_others.part_name
    left join windows
        on reports.quarter = windows.quarter
        and reports.force_code = windows.force_code
        and month_charts.table_name = windows.table_name
),

by_month as (
    select
        chart_ends.quarter,
        chart_ends.force_code,
        'monthly_' || chart_ends.measure_code as chart_name,
        row_number() over (
            partition by
                chart_ends.quarter, chart_ends.force_code, chart_ends.measure_code
            order by series.series, months.month
        ) as point_position,
        series.series,
        months.month_label as point_label,
        cast(valued.value as decimal(18, 1)) as value,
        months.month
    from chart_ends
    inner join months
        on months.month between chart_ends.starts_from and chart_ends.last_month
    inner join series
        on chart_ends.force_code = series.force_code
        and chart_ends.measure_code = series.measure_code
    left join valued
        on chart_ends.force_code = valued.force_code
        and chart_ends.measure_code = valued.measure_code
        and months.month = valued.month
        and series.series is not distinct from valued.series
),

by_category as (
    select
        cells.quarter,
        cells.force_code,
        cells.table_name as chart_name,
        cells.row_position as point_position,
        cast(null as varchar) as series,
        cells.category as point_label,
        cast(cells.figure_value as decimal(18, 1)) as value,
        cast(null as date) as month
    from cells
    inner join tables on cells.table_name = tables.table_name
    where cells.column_name = 'numerator'
),

together as (
    select * from recorded
    union all by name
    select
        *,
        true as is_delivered
    from by_month
    union all by name
    select
        *,
        true as is_delivered
    from by_category
)

select * from together
