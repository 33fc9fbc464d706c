-- Since which month a force's accepted lines show each measure, and how many do: for
-- some rule every code, keyword and flag, on whatever crime and whether or not it
-- counts. A rule that names none of these has shown since the supply began. Lines from
-- before it show nothing: an old crime that was updated has the flags of today.

with

spans as (
    select * from {{ ref('int_supply_spans') }}
),

fct_crimes as (
    select * from {{ ref('fct_crimes') }}
),

crimes as (
    select
        fct_crimes.force_code,
        fct_crimes.offence_group,
        fct_crimes.offence_subgroup,
        fct_crimes.offence_code,
        {{ lower_keywords() }} as lower_keywords,
        {{ flags_of_crime() }} as flags,
        min(fct_crimes.recorded_month) as first_month,
        count(*) as line_count
    from fct_crimes
    inner join spans
        on fct_crimes.force_code = spans.force_code
        and spans.extract = 'crimes'
        and (fct_crimes.recorded_month < spans.first_month) is not true
    group by all
),

open_types as (
    select
        force_code,
        crime_type,
        min(recorded_month) as first_month,
        count(*) as line_count
    from {{ ref('fct_open_crimes') }}
    group by all
),

records as (
    select * from {{ ref('fct_supplementary_records') }}
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
    select
        force_code,
        offence_group,
        offence_subgroup,
        offence_code,
        min(first_month) as first_month,
        sum(line_count) as line_count
    from crimes
    group by all
),

words as (
    select
        force_code,
        unnest(lower_keywords) as keyword,
        null as flag,
        first_month,
        line_count
    from crimes
    union all
    select
        force_code,
        null as keyword,
        unnest(flags) as flag,
        first_month,
        line_count
    from crimes
),

keywords_and_flags as (
    select
        force_code,
        keyword,
        flag,
        min(first_month) as first_month,
        sum(line_count) as line_count
    from words
    group by all
),

by_codes as (
    select
        codes.force_code,
        rules.measure_code,
        rules.rule_number,
        rules.keyword,
        rules.flag,
        min(codes.first_month) filter (
            where coalesce(
                rules.offence_group, rules.offence_subgroup, rules.offence_code
            ) is not null
        ) as first_month,
        sum(codes.line_count) as line_count
    from rules
    inner join codes
        on coalesce(rules.offence_group, codes.offence_group) = codes.offence_group
        and coalesce(rules.offence_subgroup, codes.offence_subgroup)
        = codes.offence_subgroup
        and coalesce(rules.offence_code, codes.offence_code) = codes.offence_code
    where rules.source_extract = 'crimes'
    group by all
),

by_rules as (
    select
        by_codes.force_code,
        'crimes' as extract,
        by_codes.measure_code,
        greatest(by_codes.first_month, keywords.first_month, flags.first_month)
            as first_month,
        least(by_codes.line_count, keywords.line_count, flags.line_count) as line_count
    from by_codes
    left join keywords_and_flags as keywords
        on by_codes.force_code = keywords.force_code
        and lower(by_codes.keyword) = keywords.keyword
    left join keywords_and_flags as flags
        on by_codes.force_code = flags.force_code and by_codes.flag = flags.flag
    where
        (by_codes.keyword is null or keywords.keyword is not null)
        and (by_codes.flag is null or flags.flag is not null)
),

by_types as (
    select
        open_types.force_code,
        rules.source_extract as extract,
        rules.measure_code,
        open_types.first_month,
        open_types.line_count
    from open_types
    inner join rules on open_types.crime_type = rules.crime_type
),

by_records as (
    select
        records.force_code,
        records.extract,
        records.measure_code,
        min(records.month) as first_month,
        count(*) as line_count
    from records
    inner join spans
        on records.force_code = spans.force_code
        and records.extract = spans.extract
        and (records.month < spans.first_month) is not true
    group by all
),

together as (
    select * from by_rules
    union all
    select * from by_types
    union all
    select * from by_records
),

shown as (
    select
        together.force_code,
        together.measure_code,
        min(coalesce(together.first_month, spans.first_month)) as first_month,
        cast(max(together.line_count) as bigint) as line_count
    from together
    inner join spans using (force_code, extract)
    group by all
)

select * from shown
