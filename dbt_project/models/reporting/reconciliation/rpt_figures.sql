-- A figure's id is its table, the row's key and its column, so that the same figure has
-- the same id in every build.

with

table_rows as (
    {{ union_report_tables() }}
),

report_columns as (
    select * from {{ ref('report_columns') }}
    where number_format not in ('text', 'code', 'date', 'month')
),

table_details as (
    select * from {{ ref('table_details') }}
),

column_parts as (
    select * from {{ ref('report_column_parts') }}
),

keyed_rows as (
    select
        table_rows.*,
        string_split(table_details.key_columns, '|') as key_names
    from table_rows
    left join table_details on table_rows.table_name = table_details.table_name
),

key_values as (
    select
        *,
        list_transform(
            key_names,
            lambda name: coalesce(json_extract_string(row_json, '$.' || name), '')
        ) as row_keys
    from keyed_rows
),

named_rows as (
    select
        *,
        coalesce(
            array_to_string(row_keys, '|'), cast(row_position as varchar)
        ) as row_key
    from key_values
),

figures as (
    select
        named_rows.quarter,
        named_rows.force_code,
        named_rows.table_name
        || '/' || named_rows.row_key
        || '/' || report_columns.column_name as figure_id,
        named_rows.table_name,
        named_rows.row_key,
        report_columns.column_name,
        report_columns.number_format,
        named_rows.row_json,
        json_extract_string(
            named_rows.row_json, '$.' || report_columns.column_name
        ) as value_text,
        column_parts.numerator_column,
        string_split(column_parts.denominator_column, '|') as denominator_columns
    from named_rows
    inner join report_columns
        on list_contains(json_keys(named_rows.row_json), report_columns.column_name)
    left join column_parts on report_columns.column_name = column_parts.column_name
),

-- The name that this table has for it.
with_parts as (
    select
        *,
        list_filter(
            denominator_columns,
            lambda part: list_contains(json_keys(row_json), part)
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
