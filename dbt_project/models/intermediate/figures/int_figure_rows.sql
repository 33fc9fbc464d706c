{{ config(materialized='table') }}

-- Every row of every table of the pack, with the key that names it in every build.

with

table_rows as (
    {{ union_report_tables() }}
),

table_details as (
    select * from {{ ref('table_details') }}
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
        quarter,
        force_code,
        table_name,
        coalesce(
            array_to_string(row_keys, '|'), cast(row_position as varchar)
        ) as row_key,
        json_keys(row_json) as column_names,
        row_json
    from key_values
)

select * from named_rows
