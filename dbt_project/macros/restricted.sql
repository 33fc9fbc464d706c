{#-
    on-run-end: stores the columns of marts and report tables that analysts may not read,
    from the columns' `meta`. The publishing step leaves a column with `restricted` out.
    In place of the ids of a column with `published_as` it writes a key, in a column of
    that name (dagster_project/warehouse/projection.py).
-#}
{% macro remember_restricted_columns() -%}
    {%- if not execute or flags.WHICH not in ('build', 'run') -%} {{ return('') }} {%- endif -%}
    {%- set rows = [] -%}
    {%- for node in graph.nodes.values()
        if node.resource_type == 'model' and node.schema in ('marts', 'reporting') -%}
        {%- for column in node.columns.values() -%}
            {%- set meta = column.config.meta -%}
            {%- if meta.published_as or meta.restricted -%}
                {%- set name = "'" ~ meta.published_as ~ "'" if meta.published_as else 'null' -%}
                {%- do rows.append(
                    "('" ~ [node.schema, node.name, column.name] | join("', '") ~ "', " ~ name ~ ")"
                ) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    create schema if not exists intermediate;
    create or replace table intermediate.restricted_columns (
        schema_name varchar not null,
        table_name varchar not null,
        column_name varchar not null,
        published_as varchar
    );
    insert into intermediate.restricted_columns values {{ rows | join(', ') }}
{%- endmacro %}
