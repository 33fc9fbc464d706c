-- Macros loop over the extracts in dbt_project.yml, because dbt cannot read the seed
-- while it parses.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'extracts'}},
        'description': 'dbt_project/dbt_project.yml lists the contracts of the'
            ~ ' extracts in seeds/force/extracts.csv.',
        'remedy': 'Add the name to vars in dbt_project/dbt_project.yml, or remove it'
            ~ ' there.',
    },
) }}

with

extracts as (
    select * from {{ ref('extracts') }}
),

in_seeds as (
    select distinct coalesce(contract, extract) as listed_name from extracts
    where delivery in ('full', 'delta')
),

in_project as (
    select unnest({{ var('extracts') }}) as listed_name
),

differing as (
    select
        listed_name,
        in_seeds.listed_name is not null as is_in_seed,
        in_project.listed_name is not null as is_in_dbt_project
    from in_seeds
    full join in_project using (listed_name)
    where in_seeds.listed_name is null or in_project.listed_name is null
)

select * from differing
