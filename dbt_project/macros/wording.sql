{#-
    The wording `code` from seeds/layout/wordings.csv (or any text column) with each
    {placeholder} filled in.
-#}
{% macro wording(code) -%}
    (select wordings.wording from {{ ref('wordings') }} as wordings
    where wordings.wording_code = {{ code }})
{%- endmacro %}

{% macro filled(text, values) -%}
    {%- set ns = namespace(sql=text) -%}
    {%- for name, value in values.items() -%}
        {%- set ns.sql = "replace(" ~ ns.sql ~ ", '{" ~ name ~ "}', " ~ value ~ ")" -%}
    {%- endfor -%}
    {{ ns.sql }}
{%- endmacro %}

{#- A whole number with its thousands separated, as pages print it. -#}
{% macro with_commas(value) -%}
    format('{:,}', cast({{ value }} as bigint))
{%- endmacro %}

{#- The word for whether a row could be made from what was supplied. -#}
{% macro status(is_available) -%}
    case
        when {{ is_available }} then {{ wording("'available'") }}
        else {{ wording("'not_available'") }}
    end
{%- endmacro %}
