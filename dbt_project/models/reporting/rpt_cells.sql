with

cells as (
    select * from {{ ref('int_table_cells') }}
),

named as (
    select
        quarter,
        force_code,
        table_name,
        row_position,
        row_key,
        column_name,
        cell_id,
        figure_id,
        number_format,
        change_code,
        {{ change_word('change_code') }} as change_word,
        value,
        numerator,
        denominator
    from cells
)

select * from named
