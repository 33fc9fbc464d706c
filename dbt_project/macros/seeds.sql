{#-
    A hook that loads a seed, merged with the home's configuration
    (docs/decisions/0023-a-home-holds-its-configuration.md). The table gets the declared
    types (text if none is declared) and the constraints of its columns, which dbt
    itself does not apply to seeds. A key of several columns is `meta: {primary_key:
    [...]}`.
-#}
{% macro add_constraints() -%}
    {%- if execute -%}
    {%- set constrained = this.incorporate(
        path={'identifier': this.identifier ~ '__constrained'}
    ) -%}
    {%- set key = model.config.get('meta', {}).get('primary_key') -%}
    {%- set types = model.config.get('column_types', {}) -%}
    {%- set columns = adapter.get_columns_in_relation(this) -%}
    create table {{ constrained }} (
        {%- for column in columns %}
        {{ column.name }} {{ types.get(column.name, 'varchar') }}
        {{- column_constraints(model.columns.get(column.name, {}).get('constraints', [])) }}
        {%- if not loop.last or key %},{% endif %}
        {%- endfor %}
        {%- if key %}
        primary key ({{ key | join(', ') }})
        {%- endif %}
    );
    insert into {{ constrained }} by name
    from read_csv(
        getvariable('seeds') || '/{{ model.name }}.csv',
        header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
        columns = {
            {%- for column in columns %}
            '{{ column.name }}': '{{ types.get(column.name, 'varchar') }}'
            {%- if not loop.last %},{% endif %}
            {%- endfor %}
        }
    );
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
