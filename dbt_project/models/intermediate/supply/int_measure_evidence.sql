-- Since which month a force's accepted lines show each measure, and how many do: for
-- some rule every code, keyword and flag, on whatever crime and whether or not it
-- counts. A rule that names none of these has shown since the supply began. Lines from
-- before it show nothing: an old crime that was updated has the flags of today. Nor do
-- stray lines long before the others.

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
        fct_crimes.recorded_month as month,
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
        recorded_month as month,
        count(*) as line_count
    from {{ ref('fct_open_crimes') }}
    group by all
),

records as (
    select * from {{ ref('fct_supplementary_records') }}
    where breakdown is null
),

measures as (
    select * from {{ ref('measures') }}
),

rules as (
    select
        measure_rules.*,
        measures.source_extract
    from {{ ref('measure_rules') }} as measure_rules
    inner join measures on measure_rules.measure_code = measures.measure_code
),

codes as (
    select
        force_code,
        offence_group,
        offence_subgroup,
        offence_code,
        month,
        sum(line_count) as line_count
    from crimes
    group by all
),

lines as (
    select
        codes.force_code,
        'rule' as sign_kind,
        concat(rules.measure_code, '/', rules.rule_number) as sign,
        codes.month,
        codes.line_count
    from rules
    inner join codes
        on coalesce(rules.offence_group, codes.offence_group) = codes.offence_group
        and coalesce(rules.offence_subgroup, codes.offence_subgroup)
        = codes.offence_subgroup
        and coalesce(rules.offence_code, codes.offence_code) = codes.offence_code
    where rules.source_extract = 'crimes'
    union all
    select
        force_code,
        'keyword' as sign_kind,
        unnest(lower_keywords) as sign,
        month,
        line_count
    from crimes
    union all
    select
        force_code,
        'flag' as sign_kind,
        unnest(flags) as sign,
        month,
        line_count
    from crimes
    union all
    select
        force_code,
        'type' as sign_kind,
        crime_type as sign,
        month,
        line_count
    from open_types
    union all
    select
        records.force_code,
        'record' as sign_kind,
        records.measure_code as sign,
        records.month,
        1 as line_count
    from records
    inner join spans
        on records.force_code = spans.force_code
        and records.extract = spans.extract
        and (records.month < spans.first_month) is not true
),

by_month as (
    select
        force_code,
        sign_kind,
        sign,
        month,
        sum(line_count) as line_count
    from lines
    group by all
),

-- What comes before a month, how long that is, and what is typical from it on.
with_neighbours as (
    select
        *,
        sum(line_count) over before_it as lines_before,
        date_diff('month', min(month) over before_it, month) as months_before,
        median(line_count) over from_it_on as typical_count,
        count(*) over from_it_on as months_since
    from by_month
    window
        before_it as (
            partition by force_code, sign_kind, sign order by month
            rows between unbounded preceding and 1 preceding
        ),
        from_it_on as (
            partition by force_code, sign_kind, sign order by month
            rows between current row and unbounded following
        )
),

-- Stray lines are before it: far fewer than so many months would have had.
begun as (
    select
        *,
        coalesce(
            max(month) filter (
                where months_since >= {{ supply_rule('neighbour_months') }}
                and lines_before
                < months_before * typical_count * {{ supply_rule('start_share') }}
            ) over signs,
            min(month) over signs
        ) as first_month
    from with_neighbours
    window signs as (partition by force_code, sign_kind, sign)
),

signs as (
    select
        force_code,
        sign_kind,
        sign,
        first_month,
        sum(line_count) as line_count
    from begun
    where month >= first_month
    group by all
),

by_rules as (
    select
        codes.force_code,
        'crimes' as extract,
        rules.measure_code,
        greatest(
            case
                when
                    coalesce(
                        rules.offence_group, rules.offence_subgroup, rules.offence_code
                    ) is not null
                    then codes.first_month
            end,
            keywords.first_month,
            flags.first_month
        ) as first_month,
        least(codes.line_count, keywords.line_count, flags.line_count) as line_count
    from rules
    inner join signs as codes
        on concat(rules.measure_code, '/', rules.rule_number) = codes.sign
        and codes.sign_kind = 'rule'
    left join signs as keywords
        on codes.force_code = keywords.force_code
        and lower(rules.keyword) = keywords.sign
        and keywords.sign_kind = 'keyword'
    left join signs as flags
        on codes.force_code = flags.force_code
        and rules.flag = flags.sign
        and flags.sign_kind = 'flag'
    where
        (rules.keyword is null or keywords.sign is not null)
        and (rules.flag is null or flags.sign is not null)
),

by_types as (
    select
        signs.force_code,
        rules.source_extract as extract,
        rules.measure_code,
        signs.first_month,
        signs.line_count
    from signs
    inner join rules
        on signs.sign_kind = 'type' and signs.sign = rules.crime_type
),

by_records as (
    select
        signs.force_code,
        measures.source_extract as extract,
        signs.sign as measure_code,
        signs.first_month,
        signs.line_count
    from signs
    inner join measures
        on signs.sign_kind = 'record' and signs.sign = measures.measure_code
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
