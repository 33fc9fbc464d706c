-- Every cell of every table: a row of the table, one of its columns, and the figure in
-- it. The figure is found by its id; nothing is computed here.

with

table_rows as (
    select * from {{ ref('int_table_rows') }}
),

table_columns as (
    select * from {{ ref('table_columns') }}
),

report_columns as (
    select * from {{ ref('report_columns') }}
),

column_figures as (
    select * from {{ ref('column_figures') }}
),

figures as (
    select * from {{ ref('int_figures') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

-- The table's own meaning of a column or, if it has none, the general meaning.
bound_columns as (
    select
        table_columns.table_name,
        table_columns.column_name,
        table_columns.is_required,
        report_columns.number_format,
        column_figures.statistic,
        column_figures.measure_code as own_measure_code,
        column_figures.period,
        column_figures.months_before,
        row_number() over (
            partition by table_columns.table_name, table_columns.column_name
            order by column_figures.table_name nulls last
        ) as place
    from table_columns
    inner join report_columns using (column_name)
    inner join column_figures
        on table_columns.column_name = column_figures.column_name
        and coalesce(column_figures.table_name, table_columns.table_name)
        = table_columns.table_name
),

chosen_columns as (
    select * exclude (place)
    from bound_columns
    where place = 1
),

shifted as (
    select
        table_rows.quarter,
        table_rows.force_code,
        table_rows.table_name,
        table_rows.row_position,
        table_rows.row_key,
        {{ cell_id(
            'table_rows.table_name', 'table_rows.row_key', 'chosen_columns.column_name'
        ) }} as cell_id,
        coalesce(table_rows.area_name, table_rows.lpa) as area_name,
        chosen_columns.column_name,
        chosen_columns.number_format,
        chosen_columns.is_required,
        chosen_columns.statistic,
        chosen_columns.period,
        coalesce(chosen_columns.own_measure_code, table_rows.measure_code)
            as measure_code,
        table_rows.breakdown,
        table_rows.category,
        table_rows.area_level,
        table_rows.area_code,
        table_rows.first_day as row_first_day,
        table_rows.last_day as row_last_day,
        if(
            chosen_columns.months_before is null,
            table_rows.base_first_day,
            cast(table_rows.first_day - to_months(chosen_columns.months_before) as date)
        ) as earlier_first_day,
        if(
            chosen_columns.months_before is null,
            table_rows.base_last_day,
            last_day(table_rows.last_day - to_months(chosen_columns.months_before))
        ) as earlier_last_day,
        table_rows.plan_quarter_end,
        chosen_columns.months_before is not null as is_shifted
    from table_rows
    inner join chosen_columns on table_rows.table_name = chosen_columns.table_name
),

dated as (
    select
        * exclude (
            row_first_day, row_last_day, earlier_first_day, earlier_last_day, is_shifted
        ),
        if(
            period = 'base' or (period = 'current' and is_shifted),
            earlier_first_day,
            row_first_day
        ) as first_day,
        if(
            period = 'base' or (period = 'current' and is_shifted),
            earlier_last_day,
            row_last_day
        ) as last_day,
        if(period = 'change', earlier_first_day, null) as base_first_day,
        if(period = 'change', earlier_last_day, null) as base_last_day
    from shifted
),

identified as (
    select
        *,
        {{ figure_id() }} as figure_id
    from dated
),

filled as (
    select
        identified.*,
        figures.figure_id is not null as is_figure,
        -- A row is available if its required figures are. If no column is required, all
        -- are. A row with all its counts is available too if these are not comparable.
        coalesce(
            bool_and(figures.value is not null) filter (where identified.is_required)
                over table_row,
            bool_and(figures.value is not null) over table_row
        )
        or coalesce(
            bool_or(figures.change_code = 'not_comparable') over table_row
            and bool_and(figures.value is not null)
            filter (where identified.number_format = 'count') over table_row,
            false
        ) as is_row_available,
        if(
            identified.number_format in ('count', 'signed_count'),
            {{ printed_amount('figures.value', 'measures.measure_unit') }},
            figures.value
        ) as figure_value,
        figures.numerator as figure_numerator,
        figures.denominator as figure_denominator,
        figures.change_code
    from identified
    left join figures
        on identified.force_code = figures.force_code
        and identified.figure_id = figures.figure_id
    left join measures on identified.measure_code = measures.measure_code
    window table_row as (
        partition by
            identified.quarter,
            identified.force_code,
            identified.table_name,
            identified.row_position
    )
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
        measure_code,
        breakdown,
        category,
        area_level,
        area_code,
        area_name,
        statistic,
        number_format,
        change_code,
        {{ change_word('change_code') }} as change_word,
        figure_value,
        figure_numerator,
        figure_denominator,
        is_figure,
        is_row_available,
        first_day,
        last_day,
        base_first_day,
        base_last_day
    from filled
)

select * from named
