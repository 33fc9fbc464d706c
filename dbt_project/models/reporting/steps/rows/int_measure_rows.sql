-- The rows of the tables that list measures: one for the quarter, or for the table's
-- own window if it has one, and one for each earlier quarter that the table shows.

with

tables as (
    select
        *,
        len(string_split(quarters_before, '|')) as quarter_count,
        unnest(string_split(quarters_before, '|')) as months_before
    from {{ ref('table_details') }}
    where row_kind = 'measures'
),

listed_measures as (
    select * from {{ ref('int_listed_measures') }}
),

windows as (
    select * from {{ ref('int_table_windows') }}
),

quarters as (
    select
        quarter_label,
        min(date_day) as start_date,
        max(date_day) as end_date
    from {{ ref('dim_dates') }}
    group by all
),

listed as (
    select
        listed_measures.quarter,
        listed_measures.force_code,
        tables.table_name,
        row_number() over (
            partition by
                listed_measures.quarter, listed_measures.force_code, tables.table_name
            order by listed_measures.measure_position, quarters.start_date
        ) as row_position,
        concat_ws(
            '|',
            if(
                listed_measures.measure_count > 1, listed_measures.measure_code, null
            ),
            if(tables.quarter_count > 1, quarters.quarter_label, null)
        ) as row_key,
        listed_measures.measure_code,
        listed_measures.area_level,
        listed_measures.area_code,
        coalesce(windows.first_month, quarters.start_date) as first_day,
        coalesce(last_day(windows.last_month), quarters.end_date) as last_day,
        listed_measures.measure_name,
        quarters.quarter_label as own_period,
        last_day(windows.last_month) as as_at_date
    from listed_measures
    inner join tables on listed_measures.table_name = tables.table_name
    inner join quarters
        on listed_measures.start_date - to_months(cast(tables.months_before as integer))
        = quarters.start_date
    left join windows
        on listed_measures.quarter = windows.quarter
        and listed_measures.force_code = windows.force_code
        and tables.table_name = windows.table_name
)

select * from listed
