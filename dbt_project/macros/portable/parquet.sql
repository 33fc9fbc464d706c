{#-
    The last step of a model that Spark can count. DuckDB reads what Spark has counted
    instead, if the engine is Spark: the Parquet files of the model's name.
-#}
{% macro counted(step) -%}
    {{ return(adapter.dispatch('counted', 'strandline')(step)) }}
{%- endmacro %}

{% macro default__counted(step) -%}
    {%- if execute and env_var('STRANDLINE_ENGINE', 'duckdb') == 'spark' -%}
        {%- set folder = run_query("select getvariable('spark_folder')").rows[0][0] -%}
        read_parquet('{{ folder }}/counted/{{ this.identifier }}/*.parquet')
    {%- else -%}
        {{ step }}
    {%- endif -%}
{%- endmacro %}

{% macro spark__counted(step) -%} {{ step }} {%- endmacro %}

{#-
    on-run-start, on Spark: declares the sources and the seeds that the counting models
    read as tables of the Parquet files that dagster_project/transform/spark.py wrote.
-#}
{% macro declare_parquet_tables() -%}
    {%- if not execute or flags.WHICH not in ('build', 'run', 'compile') -%}
        {{ return('') }}
    {%- endif -%}
    {%- set folder = env_var('STRANDLINE_SPARK_FOLDER') -%}
    {%- set read = [] -%}
    {%- for node in graph.nodes.values() if 'counting' in node.tags -%}
        {%- do read.extend(node.depends_on.nodes) -%}
    {%- endfor -%}
    {%- for schema in ('raw', 'seeds') -%}
        {%- do run_query('create schema if not exists ' ~ schema) -%}
    {%- endfor -%}
    {%- for node in (graph.sources.values() | list) + (graph.nodes.values() | list)
        if node.unique_id in read and node.resource_type in ('source', 'seed') -%}
        {%- set table = node.schema ~ '.' ~ node.name -%}
        {%- do run_query('drop table if exists ' ~ table) -%}
        {%- do run_query(
            'create table ' ~ table ~ " using parquet location '"
            ~ folder ~ '/' ~ node.schema ~ '/' ~ node.name ~ "'"
        ) -%}
    {%- endfor -%}
{%- endmacro %}
