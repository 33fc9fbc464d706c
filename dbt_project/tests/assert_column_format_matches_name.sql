-- A column's format and heading match its name: percentages are printed with %, changes
-- with + or - (I14 and I15 of the published report), and the heading of a count of
-- actions does not name strands (I10).

{{ config(
    meta={
        'dagster': {'ref': {'name': 'report_columns'}},
        'description': 'Percentages are printed with %, changes with + or -, and a'
            ~ ' column that counts actions does not have a heading about strands.',
        'remedy': 'Correct number_format or heading of the column in'
            ~ ' seeds/layout/report_columns.csv.',
    },
) }}

with

report_columns as (
    select * from {{ ref('report_columns') }}
),

wrong as (
    select * from report_columns
    where
        (
            column_name like '%\_pct' escape '\'
            and number_format not in ('pct', 'signed_pct', 'signed_limit_pct')
        )
        or (column_name like '%difference%' and number_format not like 'signed%')
        or (number_format <> 'text' and heading ilike '%strand%')
)

select * from wrong
