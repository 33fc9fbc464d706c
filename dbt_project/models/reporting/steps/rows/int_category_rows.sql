-- The rows of the tables by category: the categories of a breakdown, the local policing
-- areas of one or of every category, and the files and reasons for which lines are held
-- now, in every report.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

tables as (
    select * from {{ ref('table_details') }}
),

windows as (
    select * from {{ ref('int_table_windows') }}
),

categories as (
    select * from {{ ref('categories') }}
),

districts as (
    select * from {{ ref('int_districts') }}
),

loads as (
    select * from {{ ref('fct_loads') }}
),

quarantined_lines as (
    select * from {{ ref('fct_quarantined_lines') }}
    where is_open
),

reasons as (
    select * from {{ ref('dim_quarantine_reasons') }}
),

force_lpas as (
    select
        force_code,
        lpa_name
    from districts
    where lpa_name is not null
    union
    select
        force_code,
        null as lpa_name
    from districts
    where force_code is not null
),

-- The local policing areas of a force in the order of a table, and the districts
-- without one.
placed as (
    select
        force_code,
        coalesce(lpa_name, {{ wording("'elsewhere_row'") }}) as lpa,
        'lpa' as area_level,
        coalesce(lpa_name, 'elsewhere') as area_code,
        row_number() over (partition by force_code order by lpa_name nulls last)
            as row_position
    from force_lpas
),

in_all as (
    select
        force_code,
        {{ wording("'total_row'") }} as lpa,
        'force' as area_level,
        force_code as area_code,
        max(row_position) + 1 as row_position
    from placed
    group by all
),

lpas as (
    select * from placed
    union all
    select * from in_all
),

in_categories as (
    select
        windows.quarter,
        windows.force_code,
        tables.table_name,
        categories.category_position as row_position,
        categories.category as row_key,
        tables.measure_code,
        categories.breakdown,
        categories.category,
        'force' as area_level,
        windows.force_code as area_code,
        windows.first_month as first_day,
        last_day(windows.last_month) as last_day
    from windows
    inner join tables on windows.table_name = tables.table_name
    inner join categories on tables.breakdown = categories.breakdown
    where tables.row_kind = 'categories'
),

in_areas as (
    select
        windows.quarter,
        windows.force_code,
        tables.table_name,
        row_number() over (
            partition by windows.quarter, windows.force_code, tables.table_name
            order by lpas.row_position, categories.category_position
        ) as row_position,
        if(
            tables.category is null, lpas.lpa || '|' || categories.category, lpas.lpa
        ) as row_key,
        tables.measure_code,
        categories.breakdown,
        categories.category,
        lpas.area_level,
        lpas.area_code,
        lpas.lpa,
        windows.first_month as first_day,
        last_day(windows.last_month) as last_day
    from windows
    inner join tables on windows.table_name = tables.table_name
    inner join lpas on windows.force_code = lpas.force_code
    inner join categories
        on tables.breakdown = categories.breakdown
        and coalesce(tables.category, categories.category) = categories.category
    where tables.row_kind = 'areas'
),

-- The line's text is left out, because it may name people (fct_quarantined_lines has
-- it).
by_reason as (
    select
        load_id,
        extract,
        file_name,
        unnest(quarantine_reasons) as reason_code,
        line,
        held_since_at
    from quarantined_lines
),

held_counts as (
    select
        loads.force_code,
        by_reason.extract,
        by_reason.file_name,
        reasons.reason,
        reasons.remedy,
        count(by_reason.line) as held_line_count,
        cast(min(by_reason.held_since_at) as date) as held_since_date
    from by_reason
    inner join loads on by_reason.load_id = loads.load_id
    inner join reasons
        on by_reason.extract = reasons.extract
        and by_reason.reason_code = reasons.reason_code
    group by all
),

-- If no line is held, one row says so.
held_line_rows as (
    select
        reports.quarter,
        reports.force_code,
        'quarantine' as table_name,
        row_number() over (
            partition by reports.quarter, reports.force_code
            order by held_counts.extract, held_counts.file_name, held_counts.reason
        ) as row_position,
        cast(row_position as varchar) as row_key,
        'held_lines' as measure_code,
        'file_and_reason' as breakdown,
        nullif(concat_ws(': ', held_counts.file_name, held_counts.reason), '')
            as category,
        'force' as area_level,
        reports.force_code as area_code,
        reports.quarter_end_date as first_day,
        reports.quarter_end_date as last_day,
        coalesce(held_counts.extract, {{ wording("'none_held'") }}) as held_extract,
        held_counts.file_name,
        held_counts.reason,
        held_counts.remedy,
        held_counts.held_since_date,
        coalesce(held_counts.held_line_count, 0) as held_line_count
    from reports
    left join held_counts on reports.force_code = held_counts.force_code
),

together as (
    select * from in_categories
    union all by name
    select * from in_areas
    union all by name
    select * from held_line_rows
)

select * from together
