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

{#- 'none' for 0, 'one' for 1, otherwise 'many': the suffix of a wording's code. -#}
{% macro grammatical_number(count) -%}
    case when {{ count }} = 0 then 'none' when {{ count }} = 1 then 'one' else 'many' end
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
