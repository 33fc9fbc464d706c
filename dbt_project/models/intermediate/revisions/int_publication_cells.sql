-- Every cell of a version that was given out, with the id of its figure. Versions of
-- before a figure had an id name it by its cell; the same cell is a figure of today.

with

published as (
    select
        *,
        concat_ws('/', table_name, row_key, column_name) as cell_id
    from {{ ref('stg_publications__figures') }}
),

cells as (
    select * from {{ ref('int_table_cells') }}
),

named as (
    select
        published.* replace (
            if(
                published.figure_id = published.cell_id,
                coalesce(cells.figure_id, published.cell_id),
                published.figure_id
            ) as figure_id
        )
    from published
    left join cells
        on published.quarter = cells.quarter
        and published.force_code = cells.force_code
        and published.cell_id = cells.cell_id
)

select * from named
