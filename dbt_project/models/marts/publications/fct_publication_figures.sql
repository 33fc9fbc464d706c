with

figures as (
    select
        quarter,
        version,
        force_code,
        {{ cell_id('table_name', 'row_key', 'column_name') }} as cell_id,
        figure_id,
        table_name,
        row_key,
        column_name,
        number_format,
        value as published_value,
        numerator as figure_numerator,
        denominator as figure_denominator
    from {{ ref('stg_publications__figures') }}
)

select * from figures
