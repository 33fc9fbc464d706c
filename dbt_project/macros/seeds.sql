{#-
    A seed's table with the constraints of its columns, as a model's contract gives them:
    dbt reads them in the seed's properties and leaves them out of the table. A key of
    several columns is `meta: {primary_key: [...]}`.
-#}
{% macro duckdb__create_csv_table(model, agate_table) %}
    {%- set types = model.config.get('column_types', {}) -%}
    {%- set key = model.config.get('meta', {}).get('primary_key') -%}
    {%- call statement('_') %}
        create table {{ this }} (
            {%- for name in agate_table.column_names %}
            {{ name }} {{ types.get(name, adapter.convert_type(agate_table, loop.index0)) }}
            {{- column_constraints(model.columns.get(name, {}).get('constraints', [])) }}
            {%- if not loop.last or key %},{% endif %}
            {%- endfor %}
            {%- if key %}
            primary key ({{ key | join(', ') }})
            {%- endif %}
        )
    {%- endcall %}
    {{- return('') }}
{% endmacro %}

{% macro column_constraints(constraints) %}
    {%- for constraint in constraints %} {{ {
        'not_null': 'not null',
        'unique': 'unique',
        'primary_key': 'primary key',
        'check': 'check (' ~ constraint.expression ~ ')',
    }[constraint.type] }}
    {%- endfor %}
{% endmacro %}
