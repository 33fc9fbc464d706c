{#-
    Parts of sentences. The word of a change depends only on its change_code; the words
    themselves are in seeds/layout/wordings.csv.
-#}

{#-
    The word of a change, such as "higher" or "no clear change"; null if it has none.
-#}
{% macro change_word(change_code) -%}
    {{ wording("'change_' || " ~ change_code) }}
{%- endmacro %}

{#- A percentage of change with its sign, such as +2.9 or −37.9; 0.0 has no sign. -#}
{% macro signed_pct(percentage) -%}
    case when {{ percentage }} > 0 then '+' when {{ percentage }} < 0 then '−' else '' end
    || cast(abs({{ percentage }}) as varchar)
{%- endmacro %}

{#- 'none' for 0, 'one' for 1, otherwise 'many': the suffix of a wording's code. -#}
{% macro grammatical_number(count) -%}
    case when {{ count }} = 0 then 'none' when {{ count }} = 1 then 'one' else 'many' end
{%- endmacro %}

{#- A count in words up to twenty, then in digits. -#}
{% macro number_in_words(count) -%}
    coalesce({{ wording("'number_' || (" ~ count ~ ")") }}, {{ with_commas(count) }})
{%- endmacro %}

{#- 'is' or 'are', after a count. -#}
{% macro is_or_are(count) -%}
    case when {{ count }} = 1 then {{ wording("'is'") }} else {{ wording("'are'") }} end
{%- endmacro %}

{#- ['a', 'b', 'c'] as 'a, b and c'. -#}
{% macro enumerated(items) -%}
    case
        when len({{ items }}) < 2 then {{ items }}[1]
        else
            array_to_string({{ items }}[1:len({{ items }}) - 1], ', ')
            || ' ' || {{ wording("'and'") }} || ' ' || {{ items }}[-1]
    end
{%- endmacro %}

{#-
    A unit to write after its count, with a space before it: ' recorded crime' after 1.
    Empty if seeds/layout/wordings.csv does not have the unit: the name of the measure
    says it then.
-#}
{% macro unit_after(count, unit) -%}
    coalesce(
        ' ' || coalesce(
            case
                when {{ count }} = 1 then {{ wording("'unit_one_' || " ~ unit) }}
            end,
            {{ wording("'unit_' || " ~ unit) }}
        ),
        ''
    )
{%- endmacro %}

{#- 'higher in two', from the query's <change_code>_count; null if that is 0. -#}
{% macro areas_that(change_code) -%}
    case
        when {{ change_code }}_count > 0
            then {{ filled(wording("'areas_" ~ change_code ~ "'"), {
                'count': number_in_words(change_code ~ '_count'),
            }) }}
    end
{%- endmacro %}

{#- Whether a sentence contains a complete word or number: 28 is not in 284 or 28.5. -#}
{% macro says(sentence, text) -%}
    regexp_matches(
        {{ sentence }},
        '(^|[ (])' || regexp_escape({{ text }}) || '([ ):%]|[,.]([^0-9]|$)|$)'
    )
{%- endmacro %}

{% macro first_upper(text) -%}
    upper(({{ text }})[1]) || ({{ text }})[2:]
{%- endmacro %}

{% macro day_label(day) -%}
    strftime({{ day }}, '%-d %B %Y')
{%- endmacro %}

{% macro months_label(first_day, last_day) -%}
    {{ filled(wording("'quarter_months'"), {
        'first_month': "strftime(" ~ first_day ~ ", '%B')",
        'last_month': "strftime(" ~ last_day ~ ", '%B %Y')",
    }) }}
{%- endmacro %}

{% macro period_label(period_end) -%}
    {{ filled(wording("'period'"), {
        'month': "strftime(" ~ period_end ~ ", '%B %Y')",
    }) }}
{%- endmacro %}
