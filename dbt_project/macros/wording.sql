{#-
    `wording` is a text from seeds/layout/wordings.csv. `filled` puts values into the
    {placeholders} of such a text, or of a column.
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

{#- The word for a row's status: available or not available. -#}
{% macro status(is_available) -%}
    case
        when {{ is_available }} then {{ wording("'available'") }}
        else {{ wording("'not_available'") }}
    end
{%- endmacro %}

{#- The status of a row of fct_comparisons: available if its change is known, or if its
    counts are known and not comparable. -#}
{% macro comparison_status(comparisons) -%}
    {{ status(
        comparisons ~ ".total_difference is not null or ("
        ~ comparisons ~ ".change_code = 'not_comparable' and "
        ~ comparisons ~ ".current_total - " ~ comparisons ~ ".base_total is not null)"
    ) }}
{%- endmacro %}
