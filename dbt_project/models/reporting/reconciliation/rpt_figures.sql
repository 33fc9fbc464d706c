-- A figure's id is its table, the row's key and its column, so that the same figure has
-- the same id in every build.

with

cells as (
    select * from {{ ref('rpt_cells') }}
    where number_format <> 'text'
),

named as (
    select
        quarter,
        force_code,
        figure_id,
        table_name,
        row_key,
        column_name,
        number_format,
        value,
        numerator,
        denominator
    from cells
)

select * from named
