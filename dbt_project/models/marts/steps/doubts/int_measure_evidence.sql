-- The first month with evidence of each measure, and the number of lines that are
-- evidence. A measure has evidence once, for one of its rules, every code, keyword,
-- flag and outcome (here called signs) was on an accepted line, not necessarily the
-- same line, and whether or not the line counts. A rule without signs has evidence
-- since the supply began. Two kinds of lines are not evidence, and are counted as
-- earlier lines: those from before the supply, because an updated old crime has today's
-- flags; and strays, a few lines long before the others.

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
        fct_crimes.outcome_code,
        {{ lower_keywords() }} as lower_keywords,
        {{ flags_of_crime() }} as flags,
        fct_crimes.recorded_month as month,
        (fct_crimes.recorded_month < spans.first_month) is not true as is_since_start,
        count(*) as line_count
    from fct_crimes
    inner join spans
        on fct_crimes.force_code = spans.force_code and spans.extract = 'crimes'
    group by all
),

open_types as (
    select
        force_code,
        crime_type,
        recorded_month as month,
        true as is_since_start,
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
        is_since_start,
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
        codes.is_since_start,
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
        is_since_start,
        line_count
    from crimes
    union all
    select
        force_code,
        'flag' as sign_kind,
        unnest(flags) as sign,
        month,
        is_since_start,
        line_count
    from crimes
    union all
    select
        crimes.force_code,
        'outcome' as sign_kind,
        crimes.outcome_code as sign,
        crimes.month,
        crimes.is_since_start,
        crimes.line_count
    from crimes
    semi join rules on crimes.outcome_code = rules.outcome_code
    union all
    select
        force_code,
        'type' as sign_kind,
        crime_type as sign,
        month,
        is_since_start,
        line_count
    from open_types
    union all
    select
        records.force_code,
        'record' as sign_kind,
        records.measure_code as sign,
        records.month,
        (records.month < spans.first_month) is not true as is_since_start,
        1 as line_count
    from records
    inner join spans
        on records.force_code = spans.force_code and records.extract = spans.extract
),

by_month as (
    select
        force_code,
        sign_kind,
        sign,
        month,
        is_since_start,
        sum(line_count) as line_count
    from lines
    group by all
),

since_start as (
    select * from by_month
    where is_since_start
),

-- For each month of a sign: lines and months before it, and lines, months and the
-- typical number from it on.
with_neighbours as (
    select
        *,
        sum(line_count) over before_it as lines_before,
        date_diff('month', min(month) over before_it, month) as months_before,
        sum(line_count) over from_it_on as lines_since,
        date_diff('month', month, max(month) over from_it_on) + 1 as months_since,
        median(line_count) over from_it_on as typical_count,
        count(*) over from_it_on as sign_months
    from since_start
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

-- A month can be the first one of a sign's regular use if the lines before it are far
-- fewer than expected (strays). Of such months, the use begins with the one for which
-- two Poisson rates, before and since, have the highest likelihood.
cuts as (
    select
        force_code,
        sign_kind,
        sign,
        month,
        lines_before * ln(lines_before / months_before)
        + lines_since * ln(lines_since / months_since) as likelihood
    from with_neighbours
    where
        sign_months >= {{ supply_rule('neighbour_months') }}
        and lines_before
        < months_before * typical_count * {{ supply_rule('start_share') }}
),

best_cuts as (
    select
        force_code,
        sign_kind,
        sign,
        month
    from cuts
    qualify
        row_number() over (
            partition by force_code, sign_kind, sign order by likelihood desc, month asc
        ) = 1
),

begun as (
    select
        since_start.force_code,
        since_start.sign_kind,
        since_start.sign,
        coalesce(max(best_cuts.month), min(since_start.month)) as first_month
    from since_start
    left join best_cuts using (force_code, sign_kind, sign)
    group by all
),

signs as (
    select
        begun.*,
        sum(by_month.line_count) filter (where by_month.month >= begun.first_month)
            as line_count,
        bool_or(by_month.month < begun.first_month) as has_earlier_lines
    from begun
    inner join by_month using (force_code, sign_kind, sign)
    group by all
),

-- What each rule needs. The first month of its codes is that of the supply if it names
-- none.
needed as (
    select
        measure_code,
        rule_number,
        'rule' as sign_kind,
        concat(measure_code, '/', rule_number) as sign,
        coalesce(offence_group, offence_subgroup, offence_code) is not null as is_named
    from rules
    union all
    select
        measure_code,
        rule_number,
        'keyword' as sign_kind,
        unnest({{ keywords_of('rules') }}) as sign,
        true as is_named
    from rules
    union all
    select
        measure_code,
        rule_number,
        unnest(['flag', 'outcome']) as sign_kind,
        unnest([flag, outcome_code]) as sign,
        true as is_named
    from rules
),

counted_needs as (
    select
        *,
        count(*) over (partition by measure_code, rule_number) as sign_count
    from needed
    where sign is not null
),

signs_of_rules as (
    select
        signs.force_code,
        counted_needs.measure_code,
        counted_needs.rule_number,
        counted_needs.sign_count,
        counted_needs.is_named,
        signs.first_month as sign_month,
        signs.has_earlier_lines,
        signs.line_count,
        max(signs.first_month) filter (where counted_needs.is_named) over (
            partition by
                signs.force_code, counted_needs.measure_code, counted_needs.rule_number
        ) as first_month
    from counted_needs
    inner join signs
        on counted_needs.sign_kind = signs.sign_kind
        and counted_needs.sign = signs.sign
),

-- Whether the last sign to begin has earlier lines: the note then says "hardly any
-- before" instead of "none".
by_rules as (
    select
        force_code,
        'crimes' as extract,
        measure_code,
        first_month,
        min(line_count) as line_count,
        first_month is not null
        and bool_and(
            not is_named or sign_month < first_month or has_earlier_lines
        ) as has_earlier_lines
    from signs_of_rules
    group by
        force_code,
        measure_code,
        rule_number,
        sign_count,
        first_month
    having count(*) = sign_count
),

by_types as (
    select
        signs.force_code,
        rules.source_extract as extract,
        rules.measure_code,
        signs.first_month,
        signs.line_count,
        signs.has_earlier_lines
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
        signs.line_count,
        signs.has_earlier_lines
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
        cast(max(together.line_count) as bigint) as line_count,
        bool_or(together.has_earlier_lines) as has_earlier_lines
    from together
    inner join spans using (force_code, extract)
    group by all
)

select * from shown
