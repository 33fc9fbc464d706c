-- What a report leaves out: the measures that inform only strands of other strategies
-- than the report's, and the tables, notes and extracts of which all measures do. Open
-- data have few measures, and keep all.

with

reports as (
    select * from {{ ref('dim_reports') }}
    where origin <> 'open data'
),

strand_measures as (
    select * from {{ ref('strand_measures') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

listed_measures as (
    select * from {{ ref('table_measures') }}
),

district_tables as (
    select * from {{ ref('int_district_tables') }}
),

table_details as (
    select * from {{ ref('table_details') }}
),

table_columns as (
    select * from {{ ref('table_columns') }}
),

column_figures as (
    select * from {{ ref('column_figures') }}
),

note_places as (
    select * from {{ ref('note_places') }}
),

measures_of_others as (
    select
        reports.quarter,
        reports.force_code,
        strand_measures.measure_code
    from reports
    cross join strand_measures
    group by reports.quarter, reports.force_code, strand_measures.measure_code
    having not bool_or(reports.strategy_code = strand_measures.strategy_code)
),

-- A note that is also about a column has a row without a measure, and so is not left
-- out.
part_measures as (
    select
        'measure' as part_kind,
        measure_code as part_name,
        measure_code
    from strand_measures
    union
    select
        'table' as part_kind,
        table_name as part_name,
        measure_code
    from listed_measures
    union
    select
        'table' as part_kind,
        table_name as part_name,
        measure_code
    from district_tables
    union
    select
        'table' as part_kind,
        table_name as part_name,
        measure_code
    from table_details
    where measure_code is not null
    union
    select
        'table' as part_kind,
        table_columns.table_name as part_name,
        column_figures.measure_code
    from table_columns
    inner join column_figures
        on table_columns.column_name = column_figures.column_name
        and table_columns.table_name
        = coalesce(column_figures.table_name, table_columns.table_name)
    where column_figures.measure_code is not null
    union
    select
        'note' as part_kind,
        cast(note_position as varchar) as part_name,
        if(place_kind = 'measure', place, null) as measure_code
    from note_places
    union
    select
        'extract' as part_kind,
        source_extract as part_name,
        measure_code
    from measures
    union
    -- The source of a breakdown, which can be another than that of its measure.
    select
        'extract' as part_kind,
        extract as part_name,
        measure_code
    from table_details
    where measure_code is not null
),

of_others as (
    select
        reports.quarter,
        reports.force_code,
        part_measures.part_kind,
        part_measures.part_name
    from reports
    cross join part_measures
    left join measures_of_others
        on reports.quarter = measures_of_others.quarter
        and reports.force_code = measures_of_others.force_code
        and part_measures.measure_code = measures_of_others.measure_code
    group by
        reports.quarter,
        reports.force_code,
        part_measures.part_kind,
        part_measures.part_name
    having count(*) = count(measures_of_others.measure_code)
)

select * from of_others
