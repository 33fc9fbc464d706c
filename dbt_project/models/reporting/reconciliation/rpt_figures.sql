-- A figure's id is its table, the row's key and its column, so that the same figure has
-- the same id in every build.

with

figure_rows as (
    select * from {{ ref('int_figure_rows') }}
),

report_columns as (
    select * from {{ ref('report_columns') }}
    where number_format not in ('text', 'code', 'date', 'month')
),

column_parts as (
    select * from {{ ref('report_column_parts') }}
),

figures as (
    select
        figure_rows.quarter,
        figure_rows.force_code,
        figure_rows.table_name
        || '/' || figure_rows.row_key
        || '/' || report_columns.column_name as figure_id,
        figure_rows.table_name,
        figure_rows.row_key,
        report_columns.column_name,
        report_columns.number_format,
        figure_rows.column_names,
        figure_rows.row_json,
        json_extract_string(
            figure_rows.row_json, '$.' || report_columns.column_name
        ) as value_text,
        column_parts.numerator_column,
        string_split(column_parts.denominator_column, '|') as denominator_columns
    from figure_rows
    inner join report_columns
        on list_contains(figure_rows.column_names, report_columns.column_name)
    left join column_parts on report_columns.column_name = column_parts.column_name
),

-- The name that this table has for it.
with_parts as (
    select
        *,
        list_filter(
            denominator_columns, lambda part: list_contains(column_names, part)
        )[1] as denominator_column
    from figures
),

valued as (
    select
        quarter,
        force_code,
        figure_id,
        table_name,
        row_key,
        column_name,
        number_format,
        cast(value_text as decimal(18, 3)) as value,
        cast(json_extract_string(row_json, '$.' || numerator_column) as decimal(18, 3))
            as numerator,
        cast(
            json_extract_string(row_json, '$.' || denominator_column) as decimal(18, 3)
        ) as denominator
    from with_parts
)

select * from valued
