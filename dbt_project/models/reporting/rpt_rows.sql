-- Every row of every table, with its labels.

with

table_rows as (
    select * from {{ ref('int_table_rows') }}
),

cells as (
    select * from {{ ref('rpt_cells') }}
),

tables_of_ranges as (
    select table_name from {{ ref('table_details') }}
    where row_kind = 'ranges'
),

-- What the months of the quarter show, beside the usual range of a month.
signals as (
    select
        board_signals.*,
        tables_of_ranges.table_name,
        {{ signal_word('message_code', 'side', 'coalesce(run_length, len(months))') }}
            as signal_name
    from {{ ref('rpt_board_signals') }} as board_signals
    cross join tables_of_ranges
),

rows_with_cells as (
    select distinct
        quarter,
        force_code,
        table_name,
        row_position,
        is_row_available
    from cells
),

with_status as (
    select
        table_rows.quarter,
        table_rows.force_code,
        table_rows.table_name,
        table_rows.row_position,
        table_rows.row_key,
        table_rows.strand,
        table_rows.measure_code as measure,
        table_rows.measure_name,
        table_rows.comparison,
        table_rows.comparison_name,
        table_rows.period,
        table_rows.base_period,
        table_rows.own_period,
        table_rows.month,
        table_rows.month_label,
        table_rows.area_name,
        table_rows.lpa,
        table_rows.category,
        table_rows.unit,
        table_rows.part,
        table_rows.quantity_unit,
        table_rows.population_year,
        table_rows.plan_quarter,
        table_rows.action_id,
        table_rows.action_title,
        table_rows.owner_role,
        table_rows.at_risk_reason,
        table_rows.mitigation,
        table_rows.change_name,
        table_rows.value_before,
        table_rows.value_now,
        table_rows.held_extract,
        table_rows.file_name,
        table_rows.reason,
        table_rows.remedy,
        signals.signal_name,
        {{ status(
            'coalesce(table_rows.is_available, rows_with_cells.is_row_available)'
        ) }} as status,
        table_rows.last_day as period_end,
        table_rows.as_at_date,
        table_rows.plan_as_at_date,
        table_rows.due_date,
        table_rows.previous_due_date,
        table_rows.completed_date,
        table_rows.held_since_date
    from table_rows
    left join rows_with_cells using (quarter, force_code, table_name, row_position)
    left join signals
        on table_rows.quarter = signals.quarter
        and table_rows.force_code = signals.force_code
        and table_rows.table_name = signals.table_name
        and table_rows.measure_code = signals.measure
)

select * from with_status
