-- What a crime counts towards depends on its offence, keywords and flags alone, and few
-- combinations exist: the rules are tried on those and not on every crime.

with

crimes as (
    select * from {{ ref('fct_crimes') }}
),

rules as (
    select * from {{ ref('measure_rules') }}
),

measures as (
    select * from {{ ref('measures') }}
    where source_extract = 'crimes'
),

profiles as (
    select distinct
        offence_code,
        offence_subgroup,
        offence_group,
        keywords,
        is_domestic_abuse,
        is_hate_crime,
        is_online,
        is_night_time_economy
    from crimes
    where is_counted
),

comparable as (
    select
        *,
        list_transform(keywords, lambda word: lower(trim(word))) as lower_keywords,
        list_filter(
            [
                case when is_domestic_abuse then 'domestic_abuse' end,
                case when is_hate_crime then 'hate_crime' end,
                case when is_online then 'online' end,
                case when is_night_time_economy then 'night_time_economy' end,
            ],
            lambda flag: flag is not null
        ) as flags
    from profiles
),

matched as (
    select distinct
        comparable.offence_code,
        comparable.keywords,
        comparable.is_domestic_abuse,
        comparable.is_hate_crime,
        comparable.is_online,
        comparable.is_night_time_economy,
        measures.measure_code
    from comparable
    cross join measures
    inner join rules
        on measures.measure_code = rules.measure_code
        and comparable.offence_group
        = coalesce(rules.offence_group, comparable.offence_group)
        and comparable.offence_subgroup
        = coalesce(rules.offence_subgroup, comparable.offence_subgroup)
        and comparable.offence_code
        = coalesce(rules.offence_code, comparable.offence_code)
        and (
            rules.keyword is null
            or list_contains(comparable.lower_keywords, lower(rules.keyword))
        )
        and (rules.flag is null or list_contains(comparable.flags, rules.flag))
)

select * from matched
