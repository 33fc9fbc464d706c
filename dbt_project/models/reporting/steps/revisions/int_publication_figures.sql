-- Every figure of a version that was given out, by its id. Versions of before a figure
-- had an id name it by its cell; the same cell prints a figure of today.

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

-- A figure has one value in all its cells.
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
