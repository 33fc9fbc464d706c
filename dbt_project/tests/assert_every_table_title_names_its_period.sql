-- The title of every table has a placeholder for its period or its day (I08 and I09 of
-- the published report).

{{ config(
    meta={
        'dagster': {'ref': {'name': 'report_tables'}},
        'description': 'The title of every table names its period or its day.',
        'remedy': 'Put a placeholder such as {period_label} into table_title in'
            ~ ' seeds/layout/report_tables.csv.',
    },
) }}

with

report_tables as (
    select * from {{ ref('report_tables') }}
),

without_window as (
    select * from report_tables
    where
        not regexp_matches(table_title, '\{[a-z_]+\}')
        -- This table is about the present: the lines that are held now.
        and table_name <> 'quarantine'
)

select * from without_window
