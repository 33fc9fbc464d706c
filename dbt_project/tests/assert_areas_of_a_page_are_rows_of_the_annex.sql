-- The areas of a strand's page against the annex's tables by district: each is a row of
-- its measure there, and a table with counts has the same counts and the same word.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_board_areas'}},
        'description': 'Each area of a measure on the page of a strand is a row of the'
            ~ ' annex with the same counts and the same word.',
        'remedy': 'Correct the model'
            ~ ' dbt_project/models/reporting/board/rpt_board_areas.sql or'
            ~ ' dbt_project/models/reporting/steps/comparisons/int_report_areas.sql.',
    },
) }}

with

board_areas as (
    select * from {{ ref('rpt_board_areas') }}
),

tables_by_district as (
    select table_name from {{ ref('table_comparisons') }}
    where
        measures in ('areas', 'own_areas') and comparison_code = 'previous_12_months'
),

report_rows as (
    select report_rows.* from {{ ref('rpt_rows') }} as report_rows
    semi join tables_by_district
        on report_rows.table_name = tables_by_district.table_name
),

cells as (
    select * from {{ ref('rpt_cells') }}
),

annex_areas as (
    select
        report_rows.quarter,
        report_rows.force_code,
        report_rows.table_name,
        report_rows.measure,
        report_rows.area_name,
        count(*) filter (where cells.column_name = 'current_12_months') > 0
            as has_counts,
        max(cells.figure_value) filter (
            where cells.column_name = 'previous_12_months'
        ) as base_count,
        max(cells.figure_value) filter (where cells.column_name = 'current_12_months')
            as current_count,
        max(cells.figure_value) filter (where cells.column_name = 'difference')
            as difference,
        max(cells.change_code) filter (where cells.column_name = 'change_word')
            as change_code
    from report_rows
    left join cells using (quarter, force_code, table_name, row_position)
    group by all
),

differing as (
    select
        board_areas.quarter,
        board_areas.force_code,
        board_areas.measure,
        board_areas.area_name,
        annex_areas.table_name
    from board_areas
    left join annex_areas using (quarter, force_code, measure, area_name)
    where
        annex_areas.table_name is null
        or (
            annex_areas.has_counts
            and (
                board_areas.base_count is distinct from annex_areas.base_count
                or board_areas.current_count is distinct from annex_areas.current_count
                or board_areas.difference is distinct from annex_areas.difference
                or board_areas.change_code is distinct from annex_areas.change_code
            )
        )
)

select * from differing
