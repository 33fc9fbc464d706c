{#-
    on-run-end: drops what an earlier version of the project made and this one does not.
    Such a table would keep its old rows, and would be published with them.
-#}
{% macro drop_removed_models() -%}
    {%- if not execute or flags.WHICH not in ('build', 'run') -%}
        {{ return('') }}
    {%- endif -%}
    {%- set kept = graph.nodes.values() | map(attribute='name') | list + ['builds'] -%}
    {%- for made in run_query(
        "select 'table' as kind, schema_name, table_name as name from duckdb_tables()"
        ~ ' where database_name = current_database()'
        ~ " and schema_name in ('staging', 'intermediate', 'marts', 'reporting')"
        ~ " union all select 'view', schema_name, view_name from duckdb_views()"
        ~ ' where database_name = current_database()'
        ~ " and schema_name in ('staging', 'intermediate', 'marts')"
    ).rows if made['name'] not in kept %}
    drop {{ made['kind'] }} {{ made['schema_name'] }}.{{ made['name'] }};
    {%- endfor %}
{%- endmacro %}
