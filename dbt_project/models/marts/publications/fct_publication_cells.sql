with

cells as (
    select
        quarter,
        version,
        force_code,
        cell_id,
        figure_id,
        table_name,
        row_key,
        column_name,
        number_format
    from {{ ref('int_publication_cells') }}
)

select * from cells
