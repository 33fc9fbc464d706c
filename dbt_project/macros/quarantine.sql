{#-
    Held lines (lines that break their contract) of all extracts. contract.sql has the
    rules that decide whether a line is held.
-#}

{#- The key of a line as one text; null if a part of it is missing. -#}
{% macro contract_key(extract) -%}
    {%- set contract = contract_of(extract) -%}
    {%- set parts = [] -%}
    {%- for name, column in (contract.columns.items() if contract else []) -%}
        {%- if column.config.meta.key -%}
            {%- do parts.append('cast(' ~ name ~ ' as ' ~ dbt.type_string() ~ ')') -%}
        {%- endif -%}
    {%- endfor -%}
    {{ parts | join(" || '|' || ") if parts else 'cast(null as ' ~ dbt.type_string() ~ ')' }}
{%- endmacro %}

{#- The lines of each extract that break their contract, with their keys. -#}
{% macro held_lines() -%}
    {%- for extract in var('extracts') %}
    select
        {{ extract_of_line(extract) }} as extract,
        _force_code as force_code,
        {{ contract_key(extract) }} as line_key,
        _load_id as load_id,
        _line as line,
        _place as place,
        _extracted_at as extracted_at,
        quarantine_reasons,
        line_text
    from {{ ref('stg_force__' ~ extract) }}
    where is_held
    {{- ' union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#-
    The lines of each extract that were read by a mapping and meet the condition, with
    their keys.
-#}
{% macro mapped_lines(condition) -%}
    {%- for extract in var('extracts') %}
    select
        {{ extract_of_line(extract) }} as extract,
        {{ contract_key(extract) }} as line_key,
        _load_id as load_id,
        _line as line,
        _place as place,
        is_held,
        delivered_text
    from {{ ref('stg_force__' ~ extract) }}
    where delivered_text is not null and {{ condition }}
    {{- ' union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#-
    Every row of the keys in `keys` (extract, line_key), whatever their capitals, with
    the key in lower case. The reasons are left out, because they are slow to compute
    and held_lines has them.
-#}
{% macro rows_of_keys(keys) -%}
    {%- for extract in var('extracts') %}
    select
        {{ extract_of_line(extract) }} as extract,
        _force_code as force_code,
        lower({{ contract_key(extract) }}) as line_key,
        _load_id as load_id,
        _line as line,
        _extracted_at as extracted_at,
        _is_closing as is_closing
    from {{ ref('stg_force__' ~ extract) }}
    where lower({{ contract_key(extract) }}) in (
        select lower({{ keys }}.line_key) from {{ keys }}
        where {{ keys }}.extract = {{ extract_of_line(extract) }}
    )
    {{- ' union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- One row per extract and reason to hold a line, from all contracts. -#}
{% macro all_contract_rules() -%}
    select
        extracts.extract,
        rules.* exclude (contract)
    from (
        values
        {%- for extract in var('extracts') -%}
            {%- set is_last = loop.last -%}
            {%- for rule in contract_rules(extract) %}
            (
                '{{ extract }}',
                '{{ rule.code }}',
                '{{ rule.kind }}',
                {{ text_or_null(rule.column_name) }},
                {{ text_or_null(rule.detail) }},
                {{ text_or_null(rule.remedy) }}
            )
                {{- '' if is_last and loop.last else ',' }}
            {%- endfor -%}
        {%- endfor %}
    ) as rules (contract, reason_code, reason_kind, column_name, detail, remedy)
    inner join {{ ref('extracts') }} as extracts
        on rules.contract = coalesce(extracts.contract, extracts.extract)
{%- endmacro %}

{% macro text_or_null(text) -%}
    {%- if text -%}
        '{{ text | replace("'", "''") }}'
    {%- else -%}
        cast(null as varchar)
    {%- endif -%}
{%- endmacro %}

{#- A held line among all: its load and its line in the load's file. -#}
{% macro held_line_id(lines) -%}
    {{ lines }}.load_id || '/' || {{ lines }}.line
{%- endmacro %}
