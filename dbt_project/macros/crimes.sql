{#-
    Selects crimes from lines that keep their contract, with their district (or Unknown,
    Outside the force, Not recognised), their outcome (or none yet, Not recognised),
    their month, whether they count, and whether they are solved (null if the outcome is
    not in the list). The model must have the CTEs offences, outcomes and districts.
    `keys` are additional columns.
-#}
{% macro described_crimes(relation, keys=[]) -%}
    select
        {% for key in keys %}{{ relation }}.{{ key }},
        {% endfor %}{{ relation }}.crime_id,
        {{ relation }}._force_code as force_code,
        {{ placed_district(
            relation ~ '.district_code',
            'districts.district_code',
            'districts.force_code',
            'districts.became_code',
            relation ~ '._force_code',
        ) }} as district_code,
        {{ relation }}.lsoa_code,
        {{ relation }}.offence_code,
        offences.offence_group,
        offences.offence_subgroup,
        {{ relation }}.crime_status,
        case
            when {{ relation }}.outcome_code is null then {{ no_outcome() }}
            else coalesce(outcomes.outcome_code, {{ not_recognised_outcome() }})
        end as outcome_code,
        {{ relation }}.keywords,
        {{ relation }}.crime_status = 'Recorded' as is_counted,
        {{ relation }}.is_domestic_abuse,
        {{ relation }}.is_hate_crime,
        {{ relation }}.is_online,
        {{ relation }}.is_night_time_economy,
        case
            when {{ relation }}.outcome_code is null then false
            else outcomes.is_positive
        end as has_positive_outcome,
        cast(date_trunc('month', {{ relation }}.recorded_at) as date)
            as recorded_month,
        {{ relation }}.recorded_at,
        {{ relation }}.committed_from,
        {{ relation }}.committed_to,
        {{ relation }}.outcome_date,
        {{ relation }}._extracted_at as extracted_at,
        {{ relation }}._load_id as load_id,
        {{ relation }}._line as line
    from {{ relation }}
    inner join offences on {{ relation }}.offence_code = offences.offence_code
    left join outcomes on {{ relation }}.outcome_code = outcomes.outcome_code
    left join districts on {{ relation }}.district_code = districts.district_code
{%- endmacro %}

{#- The keywords of a crime in lower case, to compare them with rules. -#}
{% macro lower_keywords() -%}
    {{ plain_words('keywords') }}
{%- endmacro %}

{#- The flags that a crime has, by their names in seeds/force/measure_rules.csv. -#}
{% macro flags_of_crime() -%}
    {{ list_of_texts([
        "case when is_domestic_abuse then 'domestic_abuse' end",
        "case when is_hate_crime then 'hate_crime' end",
        "case when is_online then 'online' end",
        "case when is_night_time_economy then 'night_time_economy' end",
    ]) }}
{%- endmacro %}

{#- The columns on which the measures of a crime depend: its profile. -#}
{% macro profile_columns() -%}
    offence_code,
    outcome_code,
    keywords,
    is_domestic_abuse,
    is_hate_crime,
    is_online,
    is_night_time_economy
{%- endmacro %}

{#- Whether two versions of a crime differ in the outcome, and in no other column on which
    its measures depend. -#}
{% macro same_but_for_outcome(before, after) -%}
    ({{ before }}.outcome_code is distinct from {{ after }}.outcome_code)
    {%- for column in [
        'recorded_month',
        'offence_code',
        'keywords',
        'is_domestic_abuse',
        'is_hate_crime',
        'is_online',
        'is_night_time_economy',
    ] %}
        and ({{ before }}.{{ column }} is not distinct from {{ after }}.{{ column }})
    {%- endfor %}
{%- endmacro %}

{#- The keywords that a rule requires, in lower case; null if it asks for none. -#}
{% macro keywords_of(rules) -%}
    {{ plain_words(words_of(rules ~ '.keyword')) }}
{%- endmacro %}

{#- Whether a profile (`comparable`) has all that a rule or an exclusion names. -#}
{% macro has_all_of(rules) -%}
    comparable.offence_group
        = coalesce({{ rules }}.offence_group, comparable.offence_group)
        and comparable.offence_subgroup
        = coalesce({{ rules }}.offence_subgroup, comparable.offence_subgroup)
        and comparable.offence_code
        = coalesce({{ rules }}.offence_code, comparable.offence_code)
        and comparable.outcome_code
        = coalesce({{ rules }}.outcome_code, comparable.outcome_code)
        and (
            {{ rules }}.keyword is null
            or {{ has_all_words('comparable.lower_keywords', keywords_of(rules)) }}
        )
        and (
            {{ rules }}.flag is null
            or array_contains(comparable.flags, {{ rules }}.flag)
        )
{%- endmacro %}

{#-
    The measures of each profile: each combination of offence, outcome, keywords and
    flags in `relation`. The measures of a crime depend only on its profile, and there
    are far fewer profiles than crimes. The model must have the CTEs rules, exclusions
    and measures.
-#}
{% macro measures_of_profiles(relation) -%}
    select distinct
        {{ profile_columns() }},
        measure_code
    from (
        select
            comparable.*,
            measures.measure_code
        from (
            select
                *,
                {{ lower_keywords() }} as lower_keywords,
                {{ flags_of_crime() }} as flags
            from (
                select distinct
                    offence_subgroup,
                    offence_group,
                    {{ profile_columns() }}
                from {{ relation }}
                where is_counted
            )
        ) as comparable
        cross join measures
        inner join rules
            on measures.measure_code = rules.measure_code
            and {{ has_all_of('rules') }}
    ) as comparable
    where not exists (
        select 1 from exclusions
        where
            exclusions.measure_code = comparable.measure_code
            and {{ has_all_of('exclusions') }}
    )
{%- endmacro %}
