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

{#- A whole number with commas between thousands: 4,177. -#}
{% macro with_commas(value) -%}
    format('{:,}', cast({{ value }} as bigint))
{%- endmacro %}

{#- A number with one decimal place: 88.0. -#}
{% macro one_decimal(value) -%}
    cast(cast({{ value }} as decimal(12, 1)) as varchar)
{%- endmacro %}

{#-
    A number with commas between thousands, and one decimal place if it is not whole.
-#}
{% macro with_its_decimals(value) -%}
    case
        when {{ value }} = floor({{ value }}) then {{ with_commas(value) }}
        else format('{:,.1f}', cast({{ value }} as double))
    end
{%- endmacro %}

{#- A chart's value as text, by the column `number_format`: 1,234 or 90.2%. -#}
{% macro chart_value(value) -%}
    case number_format
        when 'pct' then cast({{ value }} as varchar) || '%'
        else {{ with_commas(value) }}
    end
{%- endmacro %}

{#- The word for a row's status: available or not available. -#}
{% macro status(is_available) -%}
    case
        when {{ is_available }} then {{ wording("'available'") }}
        else {{ wording("'not_available'") }}
    end
{%- endmacro %}
