-- A stock's value in a quarter is that of its last month.

with

windows as (
    select * from {{ ref('int_table_windows') }}
),

table_measures as (
    select * from {{ ref('table_measures') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
    where kind = 'stock'
),

by_force as (
    select * from {{ ref('int_supplementary_by_force') }}
),

valued as (
    select
        windows.quarter,
        windows.force_code,
        windows.table_name,
        table_measures.measure_position as row_position,
        measures.measure_code as measure,
        measures.measure_name,
        last_day(windows.last_month) as as_at_date,
        cast(earlier.value as bigint) as quarter_before_end,
        cast(latest.value as bigint) as quarter_end,
        {{ status('latest.value + earlier.value is not null') }} as status
    from windows
    inner join table_measures on windows.table_name = table_measures.table_name
    inner join measures on table_measures.measure_code = measures.measure_code
    left join by_force as latest
        on windows.force_code = latest.force_code
        and measures.measure_code = latest.measure_code
        and windows.last_month = latest.month
    left join by_force as earlier
        on windows.force_code = earlier.force_code
        and measures.measure_code = earlier.measure_code
        and windows.last_month - interval 3 month = earlier.month
)

select * from valued
