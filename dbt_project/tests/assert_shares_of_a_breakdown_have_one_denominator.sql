-- I03 to I05 of the published report: three shares of one breakdown had three different
-- totals.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_cells'}},
        'description': 'All shares of one breakdown have the same denominator.',
        'remedy': 'Correct the denominator in the report model of the table.',
    },
) }}

with

cells as (
    select * from {{ ref('rpt_cells') }}
    where column_name = 'share_pct' and figure_denominator is not null
),

breakdown_tables as (
    select * from {{ ref('table_details') }}
    where breakdown is not null
),

denominators as (
    select
        cells.quarter,
        cells.force_code,
        cells.table_name,
        count(distinct cells.figure_denominator) as denominator_count
    from cells
    inner join breakdown_tables on cells.table_name = breakdown_tables.table_name
    group by all
)

select * from denominators
where denominator_count > 1
