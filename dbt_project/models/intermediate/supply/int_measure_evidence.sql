-- Which measures have ever occurred in a force's accepted lines: for each, some rule of
-- which every code, keyword and flag has been seen, on whatever crime and whether or
-- not it counts. One that names nothing has occurred with the first crime.

with

crimes as (
    select distinct
        force_code,
        offence_group,
        offence_subgroup,
        offence_code,
        keywords,
        is_domestic_abuse,
        is_hate_crime,
        is_online,
        is_night_time_economy
    from {{ ref('fct_crimes') }}
),

open_types as (
    select distinct
        force_code,
        crime_type
    from {{ ref('fct_open_crimes') }}
),

records as (
    select distinct
        force_code,
        measure_code
    from {{ ref('fct_supplementary_records') }}
    where breakdown is null
),

rules as (
    select
        measure_rules.*,
        measures.source_extract
    from {{ ref('measure_rules') }} as measure_rules
    inner join {{ ref('measures') }} as measures
        on measure_rules.measure_code = measures.measure_code
),

codes as (
    select distinct
        force_code,
        offence_group,
        offence_subgroup,
        offence_code
    from crimes
),

keywords as (
    select distinct
        force_code,
        lower(trim(unnest(keywords))) as keyword
    from crimes
),

flags as (
    select
        force_code,
        'domestic_abuse' as flag
    from crimes
    where is_domestic_abuse
    union
    select
        force_code,
        'hate_crime' as flag
    from crimes
    where is_hate_crime
    union
    select
        force_code,
        'online' as flag
    from crimes
    where is_online
    union
    select
        force_code,
        'night_time_economy' as flag
    from crimes
    where is_night_time_economy
),

by_crimes as (
    select distinct
        codes.force_code,
        rules.measure_code
    from rules
    inner join codes
        on coalesce(rules.offence_group, codes.offence_group) = codes.offence_group
        and coalesce(rules.offence_subgroup, codes.offence_subgroup)
        = codes.offence_subgroup
        and coalesce(rules.offence_code, codes.offence_code) = codes.offence_code
    left join keywords
        on codes.force_code = keywords.force_code
        and lower(rules.keyword) = keywords.keyword
    left join flags
        on codes.force_code = flags.force_code and rules.flag = flags.flag
    where
        rules.source_extract = 'crimes'
        and (rules.keyword is null or keywords.keyword is not null)
        and (rules.flag is null or flags.flag is not null)
),

by_open_types as (
    select distinct
        open_types.force_code,
        rules.measure_code
    from rules
    inner join open_types on rules.crime_type = open_types.crime_type
),

together as (
    select * from by_crimes
    union all
    select * from by_open_types
    union all
    select * from records
)

select * from together
