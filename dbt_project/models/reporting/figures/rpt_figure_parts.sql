-- A figure that is made from others of its row counts what they count.

with

figures as (
    select * from {{ ref('rpt_figures') }}
),

counted_parts as (
    select * from {{ ref('int_counted_parts') }}
),

made_from as (
    select * from {{ ref('figure_parts') }}
    where part_columns is not null
),

derived as (
    select
        counted_parts.*,
        made_from.column_name as made_column,
        made_from.statistic as made_statistic,
        made_from.statistic,
        made_from.part
    from counted_parts
    inner join made_from
        on list_contains(
            string_split(made_from.part_columns, '|'), counted_parts.column_name
        )
),

together as (
    select
        *,
        'value' as part
    from counted_parts
    union all by name
    select
        * exclude (column_name, statistic, made_column, made_statistic),
        made_column as column_name,
        made_statistic as statistic
    from derived
),

of_figures as (
    select
        figures.quarter,
        figures.force_code,
        figures.figure_id,
        together.part,
        together.statistic,
        together.record_kind,
        together.measure_code,
        together.counted_as,
        together.area_name,
        together.breakdown,
        together.category,
        together.area_codes,
        together.first_month,
        together.last_month
    from figures
    inner join together
        using (quarter, force_code, table_name, row_key, column_name)
)

select * from of_figures
