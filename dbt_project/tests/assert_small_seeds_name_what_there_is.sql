-- One test for the names in the seeds of measures, breakdowns and tables: a test for
-- each column would take longer than all that they guard.

{{ config(meta={'dagster': {'ref': {'name': 'table_details'}}}) }}

with

table_details as (
    select * from {{ ref('table_details') }}
),

table_measures as (
    select * from {{ ref('table_measures') }}
),

breakdown_extracts as (
    select * from {{ ref('breakdown_extracts') }}
),

column_parts as (
    select * from {{ ref('report_column_parts') }}
),

figure_parts as (
    select * from {{ ref('figure_parts') }}
),

known as (
    select
        'table' as kind,
        table_name as known_name
    from {{ ref('report_tables') }}
    union all
    select
        'measure' as kind,
        measure_code as known_name
    from {{ ref('measures') }}
    union all
    select
        'extract' as kind,
        extract as known_name
    from {{ ref('extracts') }}
    union all
    select
        'column' as kind,
        column_name as known_name
    from {{ ref('report_columns') }}
    union all
    select
        'breakdown' as kind,
        breakdown as known_name
    from breakdown_extracts
    union all
    select
        'category' as kind,
        category as known_name
    from {{ ref('categories') }}
    union all
    select
        'published figure' as kind,
        figure_id as known_name
    from {{ ref('published_figures') }}
),

named as (
    select
        'table' as kind,
        table_name as known_name
    from table_details
    union all
    select
        'extract' as kind,
        extract as known_name
    from table_details
    union all
    select
        'measure' as kind,
        measure_code as known_name
    from table_details
    union all
    select
        'breakdown' as kind,
        breakdown as known_name
    from table_details
    union all
    select
        'category' as kind,
        category as known_name
    from table_details
    union all
    select
        'table' as kind,
        table_name as known_name
    from table_measures
    union all
    select
        'measure' as kind,
        measure_code as known_name
    from table_measures
    union all
    select
        'measure' as kind,
        measure_code as known_name
    from {{ ref('supplementary_measures') }}
    union all
    select
        'measure' as kind,
        measure_code as known_name
    from {{ ref('month_charts') }}
    union all
    select
        'table' as kind,
        table_name as known_name
    from {{ ref('month_charts') }}
    union all
    select
        'category' as kind,
        unit_name as known_name
    from {{ ref('result_periods') }}
    union all
    select
        'extract' as kind,
        extract as known_name
    from breakdown_extracts
    union all
    select
        'extract' as kind,
        extract as known_name
    from {{ ref('published_sources') }}
    union all
    select
        'published figure' as kind,
        figure_id as known_name
    from {{ ref('published_differences') }}
    union all
    select
        'column' as kind,
        unnest(
            [column_name, numerator_column] || string_split(denominator_column, '|')
        ) as known_name
    from column_parts
    union all
    select
        'column' as kind,
        unnest(
            [column_name] || coalesce(string_split(part_columns, '|'), [])
        ) as known_name
    from figure_parts
    union all
    select
        'table' as kind,
        table_name as known_name
    from figure_parts
    union all
    select
        'measure' as kind,
        measure_code as known_name
    from figure_parts
    where coalesce(record_kind, '') not in ('action', 'held line')
),

unknown as (
    select named.*
    from named
    anti join known on named.kind = known.kind and named.known_name = known.known_name
    where named.known_name is not null
)

select * from unknown
