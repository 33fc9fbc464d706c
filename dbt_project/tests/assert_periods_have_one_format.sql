-- Periods are always written as '12 months ending September 2021' and 'Q2 2021/22' (I17
-- and I18 of the published report), and every placeholder is filled in.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_tables'}},
        'description': "Periods are written as '12 months ending September 2021'"
            ~ " and 'Q2 2021/22', and no placeholder is left in a text.",
        'remedy': 'Correct the title, heading or wording in'
            ~ ' seeds/layout/report_tables.csv, seeds/layout/report_columns.csv or'
            ~ ' seeds/layout/wordings.csv.',
    },
) }}

with

words as (
    select table_title as printed from {{ ref('rpt_tables') }}
    union
    select column_heading as printed from {{ ref('rpt_columns') }}
    union
    select subject as printed from {{ ref('rpt_charts') }}
    union
    select period_label as printed from {{ ref('int_compared_periods') }}
    union
    select base_period_label as printed from {{ ref('int_compared_periods') }}
),

wrong as (
    select * from words
    where
        regexp_matches(printed, '\{[a-z_]*\}')
        or regexp_matches(printed, '(?i)\d+ month ending')
        or regexp_matches(
            printed,
            '(January|February|March|April|May|June|July|August|September|October'
            || '|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)'
            || ' \d\d($|\D)'
        )
        or regexp_matches(
            regexp_replace(printed, '\bQ[1-4] \d{4}/\d\d\b', '', 'g'),
            '\bQ[1-4]\b|\b\d{4}/\d{2,4}\b'
        )
)

select * from wrong
