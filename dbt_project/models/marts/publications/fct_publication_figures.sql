with

cells as (
    select * from {{ ref('int_publication_cells') }}
),

-- A figure has one value in all its cells.
figures as (
    select
        quarter,
        version,
        force_code,
        figure_id,
        min_by(value, cell_id) as value,
        min_by(numerator, cell_id) as numerator,
        min_by(denominator, cell_id) as denominator
    from cells
    group by all
)

select * from figures
