-- Every figure of a published version, by its id. Older versions, published before
-- figures had ids, identify it by its cell; the same cell prints the figure today.

with

published as (
    select * from {{ ref('fct_publication_figures') }}
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
),

-- A figure has the same value in all its cells, so any of them is used.
figures as (
    select
        quarter,
        version,
        force_code,
        figure_id,
        min_by(value, cell_id) as value
    from named
    group by all
)

select * from figures
