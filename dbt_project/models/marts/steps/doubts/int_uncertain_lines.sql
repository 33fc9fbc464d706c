-- The number of uncertain lines by measure and month: held lines, and lines with an
-- unlisted value, whose known values all agree with a rule of the measure.

with

held_lines as (
    select * from {{ ref('fct_quarantined_lines') }}
    where is_open and not counts_as_before
),

loads as (
    select * from {{ ref('stg_register__loads') }}
),

unknown_keywords as (
    select * from {{ ref('int_unknown_values') }}
    where extract = 'crimes' and column_name = 'keywords'
),

crimes as (
    select * from {{ ref('fct_crimes') }}
    where is_counted
),

open_crimes as (
    select * from {{ ref('fct_open_crimes') }}
    where crime_type = {{ not_recognised() }}
),

offences as (
    select * from {{ ref('offences') }}
),

measures as (
    select * from {{ ref('measures') }}
),

supplementary_measures as (
    select * from {{ ref('supplementary_measures') }}
),

incident_measures as (
    select * from {{ ref('incident_measures') }}
),

forces as (
    select * from {{ ref('forces') }}
),

rules as (
    select
        measure_rules.*,
        measures.source_extract
    from {{ ref('measure_rules') }} as measure_rules
    inner join measures
        on measure_rules.measure_code = measures.measure_code
),

-- A flag that cannot be read could be set.
held_crimes as (
    select
        loads.force_code,
        held_lines.load_id,
        held_lines.line,
        {{ held_line_id('held_lines') }} as held_line,
        cast(
            date_trunc(
                'month', try_cast(held_lines.line_text ->> 'recorded_at' as timestamp)
            ) as date
        ) as month,
        held_lines.line_text ->> 'offence_code' as offence_code,
        coalesce(held_lines.line_text ->> 'outcome_code', {{ no_outcome() }})
            as outcome_code,
        string_split(coalesce(held_lines.line_text ->> 'keywords', ''), '|')
            as keywords,
        upper(coalesce(held_lines.line_text ->> 'is_domestic_abuse', '')) <> 'N'
            as is_domestic_abuse,
        upper(coalesce(held_lines.line_text ->> 'is_hate_crime', '')) <> 'N'
            as is_hate_crime,
        upper(coalesce(held_lines.line_text ->> 'is_online', '')) <> 'N'
            as is_online,
        upper(coalesce(held_lines.line_text ->> 'is_night_time_economy', '')) <> 'N'
            as is_night_time_economy
    from held_lines
    inner join loads on held_lines.load_id = loads.load_id
    where
        held_lines.extract = 'crimes'
        and coalesce(held_lines.line_text ->> 'crime_status', '')
        not in ('Transferred', 'Cancelled')
),

counted_crimes as (
    select
        crimes.force_code,
        crimes.load_id,
        crimes.line,
        crimes.recorded_month as month,
        crimes.offence_code,
        crimes.outcome_code,
        crimes.keywords,
        crimes.is_domestic_abuse,
        crimes.is_hate_crime,
        crimes.is_online,
        crimes.is_night_time_economy
    from crimes
    semi join unknown_keywords
        on crimes.load_id = unknown_keywords.load_id
        and crimes.line = unknown_keywords.line
),

lines as (
    select * from held_crimes
    where month is not null
    union all by name
    select * from counted_crimes
),

with_keywords as (
    select
        *,
        {{ lower_keywords() }} as lower_keywords,
        exists (
            from unknown_keywords
            where
                unknown_keywords.load_id = lines.load_id
                and unknown_keywords.line = lines.line
        ) as has_unknown_keyword,
        {{ flags_of_crime() }} as flags
    from lines
),

-- Only lists of events: in a return, a month without a line does not mean 0.
event_measures as (
    select
        measures.source_extract as extract,
        supplementary_measures.measure_code,
        supplementary_measures.source_value,
        list(lower(incident_measures.category)) filter (
            where incident_measures.category is not null
        ) as categories
    from supplementary_measures
    inner join measures on supplementary_measures.measure_code = measures.measure_code
    left join incident_measures
        on supplementary_measures.measure_code = incident_measures.measure_code
    where supplementary_measures.is_zero_when_absent
    group by all
),

held_events as (
    select
        loads.force_code,
        held_lines.extract,
        {{ held_line_id('held_lines') }} as held_line,
        cast(
            date_trunc(
                'month',
                try_cast(
                    coalesce(
                        held_lines.line_text ->> 'issued_date',
                        held_lines.line_text ->> 'received_date',
                        held_lines.line_text ->> 'result_month',
                        held_lines.line_text ->> 'reported_at'
                    ) as timestamp
                )
            ) as date
        ) as month,
        coalesce(
            held_lines.line_text ->> 'order_kind',
            held_lines.line_text ->> 'referral_kind',
            held_lines.line_text ->> 'result_kind'
        ) as source_value,
        case
            when
                not list_contains(held_lines.quarantine_reasons, 'category_not_mapped')
                then lower(held_lines.line_text ->> 'category')
        end as category,
        coalesce(forces.force_code, loads.force_code) = loads.force_code
            as may_be_of_force
    from held_lines
    inner join loads on held_lines.load_id = loads.load_id
    left join forces
        on held_lines.line_text ->> 'referral_force_code' = forces.force_code
    where
        coalesce(held_lines.line_text ->> 'grade', '')
        not in ('Emergency', 'Priority')
        and upper(coalesce(held_lines.line_text ->> 'is_cancelled', '')) <> 'Y'
),

known_values as (
    select distinct source_value
    from event_measures
    where source_value is not null
),

-- A line whose kind is not listed could be of any kind, and one whose category cannot
-- be read, of any category.
by_events as (
    select
        held_events.force_code,
        event_measures.measure_code,
        held_events.month,
        count(distinct held_events.held_line) as line_count,
        list(distinct held_events.held_line) as held_lines
    from held_events
    inner join event_measures on held_events.extract = event_measures.extract
    left join known_values on held_events.source_value = known_values.source_value
    where
        held_events.month is not null
        and (
            event_measures.source_value is null
            or known_values.source_value is null
            or held_events.source_value = event_measures.source_value
        )
        and (
            event_measures.categories is null
            or held_events.category is null
            or list_contains(event_measures.categories, held_events.category)
        )
        and (
            event_measures.measure_code <> 'prevent_referrals'
            or held_events.may_be_of_force
        )
    group by all
),

-- The rules are applied to the combinations of values, which are far fewer than lines.
profiles as (
    select
        with_keywords.force_code,
        with_keywords.month,
        offences.offence_group,
        offences.offence_subgroup,
        offences.offence_code,
        with_keywords.outcome_code,
        with_keywords.lower_keywords,
        with_keywords.has_unknown_keyword,
        with_keywords.flags,
        count(*) as line_count,
        list(with_keywords.held_line) filter (
            where with_keywords.held_line is not null
        ) as held_lines
    from with_keywords
    left join offences on with_keywords.offence_code = offences.offence_code
    group by all
),

by_crimes as (
    select distinct
        profiles.*,
        rules.measure_code
    from profiles
    inner join rules
        on coalesce(profiles.offence_group = rules.offence_group, true)
        and coalesce(profiles.offence_subgroup = rules.offence_subgroup, true)
        and coalesce(profiles.offence_code = rules.offence_code, true)
        and (
            rules.keyword is null
            or profiles.has_unknown_keyword
            or list_has_all(profiles.lower_keywords, {{ keywords_of('rules') }})
        )
        and (rules.flag is null or list_contains(profiles.flags, rules.flag))
        and coalesce(profiles.outcome_code = rules.outcome_code, true)
    where rules.source_extract = 'crimes'
),

-- A line whose crime type is not listed could be of any type.
by_open_types as (
    select distinct
        open_crimes.force_code,
        rules.measure_code,
        open_crimes.recorded_month as month,
        open_crimes.line_count
    from (
        select
            force_code,
            recorded_month,
            count(*) as line_count
        from open_crimes
        group by all
    ) as open_crimes
    inner join rules on rules.crime_type is not null
),

together as (
    select
        force_code,
        measure_code,
        month,
        cast(sum(line_count) as bigint) as line_count,
        flatten(list(held_lines) filter (where held_lines is not null)) as held_lines
    from by_crimes
    group by all
    union all
    select
        force_code,
        measure_code,
        month,
        line_count,
        null as held_lines
    from by_open_types
    union all
    select * from by_events
)

select * from together
