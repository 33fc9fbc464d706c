-- A count of one or two people can identify them (I26 of the published report). So
-- every table made from another extract than crimes and actions has a disclosure
-- policy.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'report_tables'}},
        'description': 'Every table that can count people has a disclosure policy.',
        'remedy': 'Write exact, round5, suppress or internal into disclosure_policy of the'
            ~ ' table in seeds/layout/report_tables.csv.',
    },
) }}

with

report_tables as (
    select * from {{ ref('report_tables') }}
),

table_details as (
    select * from {{ ref('table_details') }}
    where extract not in ('crimes', 'actions')
),

without_policy as (
    select report_tables.*
    from report_tables
    inner join table_details on report_tables.table_name = table_details.table_name
    where
        not coalesce(
            regexp_matches(
                report_tables.disclosure_policy,
                '^(exact|round5|suppress)(, but (exact|round5|suppress))?'
                || '( where people are counted)?$|^internal$'
            ),
            false
        )
)

select * from without_policy
