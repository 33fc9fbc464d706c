{#-
    Every column of every report model with the type that its contract gives it. While
    dbt parses there is no graph to ask, and then there is no row.
-#}
{% macro report_contract_columns() -%}
    select
        '' as model_name,
        '' as column_name,
        '' as data_type
    where false
    {%- for node in (graph.nodes.values() if execute else []) -%}
        {%- if node.resource_type == 'model' and node.name.startswith('rpt_') -%}
            {%- for name, column in node.columns.items() %}
    union all
    select
        '{{ node.name }}' as model_name,
        '{{ name }}' as column_name,
        '{{ column.data_type | replace(' ', '') | lower }}' as data_type
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}
