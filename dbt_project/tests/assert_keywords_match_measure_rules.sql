-- seeds/force/keywords.csv lists the measures of each keyword, and
-- seeds/force/measure_rules.csv has their rules. Both must have the same measures.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'keywords'}},
        'description': 'For each keyword, seeds/force/keywords.csv lists the same'
            ~ ' measures as seeds/force/measure_rules.csv.',
        'remedy': 'Correct counts_towards of the keyword in seeds/force/keywords.csv,'
            ~ ' or correct the rule in seeds/force/measure_rules.csv.',
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
),

differing as (
    select
        coalesce(said.keyword, ruled.keyword) as keyword,
        coalesce(said.measure_code, ruled.measure_code) as measure_code,
        said.keyword is not null as is_in_keywords,
        ruled.keyword is not null as is_in_measure_rules
    from said
    full join ruled
        on said.keyword = ruled.keyword and said.measure_code = ruled.measure_code
    where said.keyword is null or ruled.keyword is null
)

select * from differing
