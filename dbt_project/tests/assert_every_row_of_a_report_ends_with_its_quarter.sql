-- One report, one end (I01, I02 and I07 of the published report): a table's last period
-- ends with the quarter, and no period of a row ends outside it.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_figures'}},
        'description': 'The last period of a table ends with the quarter, and'
            ~ ' every period of a row ends in the quarter.',
        'remedy': 'Correct the period in the report model of the table. The dates'
            ~ ' of the quarter are in dim_dates.',
    },
) }}

-- depends_on: {{ ref('rpt_figures') }}

with

table_rows as (
    {{ union_report_tables() }}
),

dates as (
    select * from {{ ref('dim_dates') }}
),

quarters as (
    select
        quarter,
        min(date_day) as start_date,
        max(date_day) as end_date
    from dates
    group by all
),

period_ends as (
    select
        quarter,
        force_code,
        table_name,
        cast(json_extract_string(row_json, '$.period_end') as date) as period_end
    from table_rows
    where json_exists(row_json, '$.period_end')
    union all
    -- Its months are the window of the charts; the last is the quarter's.
    select
        quarter,
        force_code,
        table_name,
        last_day(
            cast(max(json_extract_string(row_json, '$.month')) || '-01' as date)
        ) as period_end
    from table_rows
    where table_name = 'monthly_counts'
    group by quarter, force_code, table_name
),

ranges as (
    select
        quarter,
        force_code,
        table_name,
        min(period_end) as first_end,
        max(period_end) as last_end
    from period_ends
    group by all
),

outside as (
    select ranges.*
    from ranges
    inner join quarters on ranges.quarter = quarters.quarter
    where
        ranges.last_end <> quarters.end_date
        or ranges.first_end < quarters.start_date
)

select * from outside
