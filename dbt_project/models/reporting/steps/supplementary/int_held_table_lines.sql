-- The number of held lines that could count in each category of a table of a breakdown.
-- If there are many (`doubted_lines`), a category without a record is not known to be
-- 0.

with

windows as (
    select * from {{ ref('int_table_windows') }}
),

breakdown_tables as (
    select * from {{ ref('table_details') }}
    where breakdown is not null
),

categories as (
    select * from {{ ref('categories') }}
),

held_lines as (
    select * from {{ ref('int_held_breakdown_lines') }}
),

counted as (
    select
        windows.quarter,
        windows.force_code,
        windows.table_name,
        categories.category,
        cast(sum(held_lines.line_count) as bigint) as line_count
    from windows
    inner join breakdown_tables on windows.table_name = breakdown_tables.table_name
    inner join categories
        on breakdown_tables.breakdown = categories.breakdown
        and categories.category
        = coalesce(breakdown_tables.category, categories.category)
    inner join held_lines
        on windows.force_code = held_lines.force_code
        and categories.breakdown = held_lines.breakdown
        and categories.category = coalesce(held_lines.category, categories.category)
        and held_lines.month between windows.first_month and windows.last_month
    group by all
),

judged as (
    select
        *,
        line_count >= {{ supply_rule('doubted_lines') }} as is_zero_doubted
    from counted
)

select * from judged
