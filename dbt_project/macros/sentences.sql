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

{% macro months_label(first_day, last_day) -%}
    {{ filled(wording("'quarter_months'"), {
        'first_month': "strftime(" ~ first_day ~ ", '%B')",
        'last_month': "strftime(" ~ last_day ~ ", '%B %Y')",
    }) }}
{%- endmacro %}
