{#-
    The union of the staging models of all extracts with a contract. The column
    `extract` has the name of the extract.
-#}
{% macro union_extracts(columns, where) -%}
    {%- for extract in var('extracts') %}
    select
        {{ extract_of_line(extract) }} as extract,
        {{ columns }}
    from {{ ref('stg_force__' ~ extract) }}
    where {{ where }}
    {{- ' union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
