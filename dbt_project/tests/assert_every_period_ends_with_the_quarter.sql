-- All tables of a report end on the same day (I01, I02 and I07 of the published
-- report): a table's last period ends with the quarter, and every period ends within
-- it. Only the same months of both years may be earlier ones (int_same_months).

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_rows'}},
        'description': 'The last period of a table ends with the quarter, and'
            ~ ' every period of a row ends in the quarter.',
        'remedy': 'Correct the period in the report model of the table. The dates'
            ~ ' of the quarter are in dim_dates.',
    },
) }}

with

table_rows as (
    select * from {{ ref('rpt_rows') }}
),

-- The tables that print the end of a row's period.
dated_tables as (
    select table_name from {{ ref('table_columns') }}
    where column_name = 'period_end'
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
        period_end
    from table_rows
    where
        table_name in (select dated_tables.table_name from dated_tables)
        and comparison is distinct from 'same_months'
    union all
    -- This table has the months of the charts, so only its last month is checked.
    select
        quarter,
        force_code,
        table_name,
        max(period_end) as period_end
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
