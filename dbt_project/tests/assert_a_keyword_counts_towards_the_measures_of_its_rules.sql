-- seeds/keywords.csv says of each keyword what it counts towards, seeds/measure_rules.csv
-- when: neither says more than the other.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'keywords'}},
        'description': 'seeds/keywords.csv says of each keyword the measures that'
            ~ ' seeds/measure_rules.csv counts it towards.',
        'remedy': 'Correct counts_towards of the keyword, or the rule.',
    },
) }}

with

keywords as (
    select * from {{ ref('keywords') }}
),

rules as (
    select * from {{ ref('measure_rules') }}
),

said as (
    select
        lower(keyword) as keyword,
        unnest(string_split(counts_towards, '|')) as measure_code
    from keywords
),

ruled as (
    select distinct
        lower(keyword) as keyword,
        measure_code
    from rules
    where keyword is not null
)

(select * from said except select * from ruled)
union all
(select * from ruled except select * from said)
