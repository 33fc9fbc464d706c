{#-
    One select over the staging model of every extract with a contract, each with its
    name in `extract`. The list comes from seeds/extracts.csv through the environment
    (dagster_project/paths.py), so that a new extract joins without a change here.
-#}
{% macro union_extracts(columns, where) -%}
    {%- for extract in env_var('STRANDLINE_EXTRACTS').split(',') %}
    select
        '{{ extract }}' as extract,
        {{ columns }}
    from {{ ref('stg_force__' ~ extract) }}
    where {{ where }}
    {{- ' union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
