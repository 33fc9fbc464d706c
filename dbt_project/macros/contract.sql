{#-
    Staging from a contract. Columns, types and rules are declared once, in
    models/staging/force/_force__sources.yml; these macros turn them into SQL.
    While dbt parses there is no graph to ask, so they write a placeholder then.
-#}

{% macro contract_of(extract) -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- for node in graph.sources.values() -%}
            {%- if node.source_name == 'raw' and node.name == extract -%}
                {%- do found.append(node) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found[0] if found else none) }}
{%- endmacro %}

{#- Every line's origin. -#}
{% macro line_columns() -%}
    _load_id,
    _line,
    _extracted_at,
    _force_code,
    _is_key_repeated,
    _is_closing
{%- endmacro %}

{#- The text of each column (`_text_<column>`), trimmed, null where empty. -#}
{% macro contract_texts(extract) -%}
    {%- set contract = contract_of(extract) -%}
    {%- if contract -%}
        {%- for name in contract.columns %}
    nullif(trim({{ name }}), '') as _text_{{ name }}{{ ',' if not loop.last }}
        {%- endfor -%}
    {%- else -%} 1 as _text {%- endif -%}
{%- endmacro %}

{#- The columns' names, in the contract's order. -#}
{% macro contract_names(extract) -%}
    {%- set contract = contract_of(extract) -%}
    {{ contract.columns | join(',\n    ') if contract else '_typed' }}
{%- endmacro %}

{#- The whole line as it was delivered, as a JSON object of texts. -#}
{% macro contract_line_text(extract) -%}
    {%- set contract = contract_of(extract) -%}
    cast(to_json(struct_pack(
    {%- for name in (contract.columns if contract else ['_text']) %}
        {{ name }} := _text_{{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
    )) as varchar)
{%- endmacro %}

{#- The columns, typed; null where the text does not fit. -#}
{% macro contract_columns(extract) -%}
    {%- set contract = contract_of(extract) -%}
    {%- if contract -%}
        {%- for name, column in contract.columns.items() %}
    {{ typed_text('_text_' ~ name, column.data_type) }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor -%}
    {%- else -%} 1 as _typed {%- endif -%}
{%- endmacro %}

{#-
    A strict cast. DuckDB's own would take 2021/09/30 for a date and drop the offset of
    2021-09-30T23:30:00Z without a word.
-#}
{% macro typed_text(text, data_type) -%}
    {%- if data_type == 'varchar' -%}
        {{ text }}
    {%- elif data_type == 'varchar[]' -%}
        coalesce(string_split({{ text }}, '|'), [])
    {%- elif data_type == 'boolean' -%}
        case upper({{ text }}) when 'Y' then true when 'N' then false end
    {%- elif data_type == 'date' -%}
        case
            when length({{ text }}) = 10 and substr({{ text }}, 5, 1) = '-'
                then try_cast({{ text }} as date)
        end
    {%- elif data_type == 'timestamp' -%}
        case
            when
                length({{ text }}) = 19 and substr({{ text }}, 5, 1) = '-'
                and substr({{ text }}, 11, 1) in ('T', ' ')
                then try_cast({{ text }} as timestamp)
        end
    {%- else -%}
        try_cast({{ text }} as {{ data_type }})
    {%- endif -%}
{%- endmacro %}

{#- [reason code, condition that must not be false], for each rule of the contract. -#}
{% macro contract_rules(extract) -%}
    {%- set contract = contract_of(extract) -%}
    {%- set rules = [['key_repeated_in_file', 'not _is_key_repeated']] -%}
    {%- for name, column in (contract.columns.items() if contract else []) -%}
        {%- set text = '_text_' ~ name -%}
        {%- set meta = column.config.meta -%}
        {%- if meta.required -%}
            {%- do rules.append([name ~ '_missing', text ~ ' is not null']) -%}
        {%- endif -%}
        {%- if column.data_type not in ('varchar', 'varchar[]') -%}
            {%- do rules.append([
                name ~ '_not_' ~ column.data_type,
                text ~ ' is null or ' ~ name ~ ' is not null',
            ]) -%}
        {%- endif -%}
        {%- if meta.allowed -%}
            {%- do rules.append([
                name ~ '_not_allowed',
                name ~ " in ('" ~ meta.allowed | join("', '") ~ "')",
            ]) -%}
        {%- endif -%}
        {%- if meta.known_in -%}
            {%- do rules.append([
                name ~ '_unknown',
                name ~ ' in (' ~ known_values(meta.known_in, meta.known_where) ~ ')',
            ]) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for rule in (contract.config.meta.rules if contract else []) -%}
        {%- do rules.append([rule.name, rule.must_hold]) -%}
    {%- endfor -%}
    {{ return(rules) }}
{%- endmacro %}

{% macro known_values(known_in, known_where) -%}
    {%- for place in ([known_in] if known_in is string else known_in) -%}
        {%- set seed, column = place.split('.') -%}
        select {{ column }} from {{ ref(seed) }} where {{ column }} is not null
            {{- ' and ' ~ known_where if known_where }}
        {{- ' union all ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#-
    Null where the row keeps its contract (or closes a key), else every reason that
    applies. The list is only built for rows that break it: it is slow.
-#}
{% macro quarantine_reasons(extract) -%}
    {%- set rules = contract_rules(extract) -%}
    case
        when not _is_closing and not (
        {%- for code, condition in rules %}
            coalesce({{ condition }}, true){{ ' and' if not loop.last }}
        {%- endfor %}
        )
            then list_filter(
                [
        {%- for code, condition in rules %}
                    case when not coalesce({{ condition }}, true) then '{{ code }}' end
                    {{- ',' if not loop.last }}
        {%- endfor %}
                ],
                lambda reason: reason is not null
            )
    end
{%- endmacro %}
