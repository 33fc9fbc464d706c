{#-
    A hook: gives a seed's table the constraints of its columns, as a model's contract
    does. dbt reads them in the seed's properties and leaves them out of the table. A key
    of several columns is `meta: {primary_key: [...]}`.
-#}
{% macro add_constraints() -%}
    {%- if execute -%}
    {%- set constrained = this.incorporate(
        path={'identifier': this.identifier ~ '__constrained'}
    ) -%}
    {%- set key = model.config.get('meta', {}).get('primary_key') -%}
    create table {{ constrained }} (
        {%- for column in adapter.get_columns_in_relation(this) %}
        {{ column.name }} {{ column.data_type }}
        {{- column_constraints(model.columns.get(column.name, {}).get('constraints', [])) }}
        {%- if not loop.last or key %},{% endif %}
        {%- endfor %}
        {%- if key %}
        primary key ({{ key | join(', ') }})
        {%- endif %}
    );
    insert into {{ constrained }} by name from {{ this }};
    drop table {{ this }};
    alter table {{ constrained }} rename to {{ this.identifier }}
    {%- endif -%}
{%- endmacro %}

{% macro column_constraints(constraints) %}
    {%- for constraint in constraints %} {{ {
        'not_null': 'not null',
        'unique': 'unique',
        'primary_key': 'primary key',
        'check': 'check (' ~ constraint.expression ~ ')',
    }[constraint.type] }}
    {%- endfor %}
{% endmacro %}
