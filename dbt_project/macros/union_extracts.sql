{#-
    One select over the staging model of every extract with a contract, each with its
    name in `extract`.
-#}
{% macro union_extracts(columns, where) -%}
    {%- for extract in var('extracts') %}
    select
        '{{ extract }}' as extract,
        {{ columns }}
    from {{ ref('stg_force__' ~ extract) }}
    where {{ where }}
    {{- ' union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
