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

{#-
    What the months of a quarter show beside their usual range, such as "Months above the
    usual range: 1"; `side` is empty if months are outside on both sides.
-#}
{% macro signal_word(message_code, side, length) -%}
    {{ filled(
        wording("concat_ws('_', 'signal', " ~ message_code ~ ", " ~ side ~ ")"),
        {'length': "coalesce(cast(" ~ length ~ " as varchar), '')"},
    ) }}
{%- endmacro %}
