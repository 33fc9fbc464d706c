-- Macros loop over the names in dbt_project.yml, since dbt cannot read a seed then.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'extracts'}},
        'description': 'dbt_project/dbt_project.yml lists the same extracts and report'
            ~ ' tables as seeds/force/extracts.csv and seeds/layout/report_tables.csv.',
        'remedy': 'Add the name to vars in dbt_project/dbt_project.yml, or remove it'
            ~ ' there.',
    },
) }}

with

extracts as (
    select * from {{ ref('extracts') }}
),

report_tables as (
    select * from {{ ref('report_tables') }}
),

in_seeds as (
    select
        'extracts' as list_name,
        extract as listed_name
    from extracts
    where delivery in ('full', 'delta')
    union all
    select
        'report_tables' as list_name,
        table_name as listed_name
    from report_tables
),

in_project as (
    select
        'extracts' as list_name,
        unnest({{ var('extracts') }}) as listed_name
    union all
    select
        'report_tables' as list_name,
        unnest({{ var('report_tables') }}) as listed_name
),

differing as (
    select
        list_name,
        listed_name,
        in_seeds.listed_name is not null as is_in_seed,
        in_project.listed_name is not null as is_in_dbt_project
    from in_seeds
    full join in_project using (list_name, listed_name)
    where in_seeds.listed_name is null or in_project.listed_name is null
)

select * from differing
