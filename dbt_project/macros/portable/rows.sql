{#-
    Whether the value is in the values of a query; null if the value is null. Spark says
    false then, unless the query is a filter.
-#}
{% macro is_in(value, query) -%}
    {{ return(adapter.dispatch('is_in', 'strandline')(value, query)) }}
{%- endmacro %}

{% macro default__is_in(value, query) -%} {{ value }} in ({{ query }}) {%- endmacro %}

{% macro spark__is_in(value, query) -%}
    case when {{ value }} is not null then {{ value }} in ({{ query }}) end
{%- endmacro %}

{#- Asks DuckDB to compute a CTE wherever it is read. Spark always does. -#}
{% macro not_materialized() -%}
    {{ return(adapter.dispatch('not_materialized', 'strandline')()) }}
{%- endmacro %}

{% macro default__not_materialized() -%} not materialized {%- endmacro %}

{% macro spark__not_materialized() -%} {%- endmacro %}

{#- All columns but some. -#}
{% macro all_but(columns) -%}
    {{ return(adapter.dispatch('all_but', 'strandline')(columns)) }}
{%- endmacro %}

{% macro default__all_but(columns) -%} * exclude ({{ columns | join(', ') }}) {%- endmacro %}

{% macro spark__all_but(columns) -%} * except ({{ columns | join(', ') }}) {%- endmacro %}
