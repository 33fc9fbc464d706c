{#-
    Makes staging SQL from a contract: the columns, types and rules that
    models/staging/force/_force__sources.yml declares for an extract. While dbt parses,
    the graph does not exist yet, so the macros write a placeholder.
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

{#-
    The extract of a staged line: a name, or the column `_extract` if several extracts
    share the contract.
-#}
{% macro extract_of_line(contract_name) -%}
    {%- set contract = contract_of(contract_name) -%}
    {%- if contract and contract.config.meta.is_shared -%}
        _extract
    {%- else -%}
        '{{ contract_name }}'
    {%- endif -%}
{%- endmacro %}

{#- The columns of a line's origin. -#}
{% macro line_columns() -%}
    _load_id,
    _line,
    _place,
    _extracted_at,
    _force_code,
    _is_key_repeated,
    _is_closing
{%- endmacro %}

{#-
    The text of each column (`_text_<column>`), trimmed; null if it is empty. Free text
    is printed, so characters that control a screen or the direction of writing are
    removed from it.
    Before these columns are what a mapping was given, and the columns that it could not
    fill.
-#}
{% macro contract_texts(extract) -%}
    {%- set contract = contract_of(extract) -%}
    {%- if contract -%}
    _delivered,
    _not_mapped,
        {%- for name, column in contract.columns.items() %}
            {%- set text = harmless(name) if column.config.meta.free_text else name %}
    nullif({{ trimmed(text) }}, '') as _text_{{ name }}{{ ',' if not loop.last }}
        {%- endfor -%}
    {%- else -%} 1 as _text {%- endif -%}
{%- endmacro %}

{% macro harmless(text) -%}
    {{ without_pattern(
        text,
        '[\\x00-\\x08\\x0B-\\x1F\\x7F-\\x9F\\x{061C}\\x{200E}\\x{200F}'
        ~ '\\x{2028}-\\x{202E}\\x{2066}-\\x{2069}]',
    ) }}
{%- endmacro %}

{#- Whether a text has no invisible character, and no space except the plain one. -#}
{% macro is_plain(text) -%}
    not {{ has_pattern(
        text,
        '[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\x{A0}\\x{1680}\\x{2000}-\\x{200A}'
        ~ '\\x{202F}\\x{205F}\\x{3000}]',
    ) }}
{%- endmacro %}

{#-
    Whether a text is not one of the errors that spreadsheets write, such as #N/A. This
    is no list of texts, because DuckDB makes a join of `in` with so many, and keeps it
    even if the column is not read.
-#}
{% macro is_value(text) -%}
    not (
        {{ text }} like '#%'
        and {{ is_pattern(
            text,
            '#(N/A|NAME[?]|GETTING_DATA|(REF|VALUE|DIV/0|NUM|NULL|SPILL|CALC|FIELD|'
            ~ 'BLOCKED|CONNECT|BUSY|UNKNOWN)!)',
        ) }}
    )
{%- endmacro %}

{#- The columns' names, in the contract's order. -#}
{% macro contract_names(extract) -%}
    {%- set contract = contract_of(extract) -%}
    {{ contract.columns | join(',\n    ') if contract else '_typed' }}
{%- endmacro %}

{#- The line as a JSON object of texts, in the columns of the contract. -#}
{% macro contract_line_text(extract) -%}
    {%- set contract = contract_of(extract) -%}
    {%- set texts = {} -%}
    {%- for name in (contract.columns if contract else ['_text']) -%}
        {%- do texts.update({name: '_text_' ~ name}) -%}
    {%- endfor -%}
    {{ json_object_of(texts) }}
{%- endmacro %}

{#- The typed columns; null if the text does not fit the type. -#}
{% macro contract_columns(extract) -%}
    {%- set contract = contract_of(extract) -%}
    {%- if contract -%}
        {%- for name, column in contract.columns.items() %}
    {{ typed_text('_text_' ~ name, column.data_type) }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor -%}
    {%- else -%} 1 as _typed {%- endif -%}
{%- endmacro %}

{#-
    A strict cast: null unless the complete text has the contract's format. DuckDB's own
    cast would read 2021/09/30 as a date, 24:00:00 as the next day and 12.7 as 13, and
    would ignore the offset of 2021-09-30 23:30+00.
-#}
{% macro typed_text(text, data_type) -%}
    {%- if data_type == 'varchar' -%}
        {{ text }}
    {%- elif data_type == 'varchar[]' -%}
        coalesce({{ words_of(text) }}, {{ no_words() }})
    {%- elif data_type == 'boolean' -%}
        case upper({{ text }}) when 'Y' then true when 'N' then false end
    {%- else -%}
        case
            when {{ is_pattern(text, form_of(data_type)) }}
                then try_cast({{ text }} as {{ type_of(data_type) }})
        end
    {%- endif -%}
{%- endmacro %}

{#- The type in SQL. A decimal is written out: engines do not agree on its places. -#}
{% macro type_of(data_type) -%}
    {{ return('decimal(18, 3)' if data_type == 'decimal' else data_type) }}
{%- endmacro %}

{#-
    The format of a type, as a regular expression. A decimal has three decimal places.
-#}
{% macro form_of(data_type) -%}
    {%- set forms = {
        'date': '[0-9]{4}-[0-9]{2}-[0-9]{2}',
        'timestamp':
            '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}',
        'integer': '-?[0-9]+',
        'decimal': '-?[0-9]+([.][0-9]{1,3}0*)?',
    } -%}
    {%- if data_type not in forms -%}
        {{ exceptions.raise_compiler_error(
            'a contract has the data_type ' ~ data_type ~ '; it must be varchar, '
            ~ 'varchar[], boolean, ' ~ forms | join(', ')
        ) }}
    {%- endif -%}
    {{ return(forms[data_type]) }}
{%- endmacro %}

{#-
    The rules of a contract, one object each: `code` (why a line is held), `must_hold`
    (a condition that must not be false) or `known_in` (the list of allowed values),
    `kind` (the wordings reason_<kind> and remedy_<kind> in seeds/layout/wordings.csv),
    `column_name`, `detail`, and `remedy` if the contract gives one. `is_implied`: a line
    that breaks this rule always breaks another one too (an error such as #N/A is no date,
    and in no list).
-#}
{% macro contract_rules(extract) -%}
    {%- set contract = contract_of(extract) -%}
    {%- set rules = [{
        'code': 'key_repeated_in_file', 'must_hold': 'not _is_key_repeated',
        'kind': 'key_repeated',
    }] -%}
    {%- for name, column in (contract.columns.items() if contract else []) -%}
        {%- set text = '_text_' ~ name -%}
        {%- set meta = column.config.meta -%}
        {%- do rules.append({
            'code': name ~ '_not_mapped',
            'must_hold': "not array_contains(_not_mapped, '" ~ name ~ "')",
            'kind': 'not_mapped', 'column_name': name,
        }) -%}
        {%- if meta.required -%}
            {%- do rules.append({
                'code': name ~ '_missing', 'must_hold': text ~ ' is not null',
                'kind': 'missing', 'column_name': name,
            }) -%}
        {%- endif -%}
        {%- if column.data_type not in ('varchar', 'varchar[]') -%}
            {%- do rules.append({
                'code': name ~ '_not_' ~ column.data_type,
                'must_hold': text ~ ' is null or ' ~ name ~ ' is not null',
                'kind': 'not_' ~ column.data_type, 'column_name': name,
            }) -%}
        {%- endif -%}
        {%- do rules.append({
            'code': name ~ '_is_cell_error', 'must_hold': is_value(text),
            'kind': 'cell_error', 'column_name': name,
            'is_implied': column.data_type not in ('varchar', 'varchar[]') or meta.allowed,
        }) -%}
        {%- if column.data_type in ('varchar', 'varchar[]') and not meta.free_text -%}
            {%- do rules.append({
                'code': name ~ '_has_control_characters', 'must_hold': is_plain(text),
                'kind': 'control_characters', 'column_name': name,
                'is_implied': meta.allowed,
            }) -%}
        {%- endif -%}
        {%- if meta.allowed -%}
            {%- do rules.append({
                'code': name ~ '_not_allowed',
                'must_hold': name ~ " in ('" ~ meta.allowed | join("', '") ~ "')",
                'kind': 'not_allowed', 'column_name': name,
                'detail': meta.allowed | join(', '),
            }) -%}
        {%- endif -%}
        {%- if meta.known_in and meta.if_unknown != 'counted' -%}
            {%- do rules.append({
                'code': name ~ '_unknown', 'known_in': meta.known_in,
                'known_where': meta.known_where, 'kind': 'unknown', 'column_name': name,
            }) -%}
        {%- endif -%}
        {%- if meta.min is defined -%}
            {%- do rules.append({
                'code': name ~ '_too_small',
                'must_hold': name ~ ' >= ' ~ bound(meta.min, column.data_type),
                'kind': 'too_small', 'column_name': name, 'detail': meta.min | string,
            }) -%}
        {%- endif -%}
        {%- if meta.max is defined -%}
            {%- do rules.append({
                'code': name ~ '_too_large',
                'must_hold': name ~ ' <= ' ~ bound(meta.max, column.data_type),
                'kind': 'too_large', 'column_name': name, 'detail': meta.max | string,
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for rule in (contract.config.meta.rules if contract else []) -%}
        {%- do rules.append({
            'code': rule.name, 'must_hold': rule.must_hold, 'kind': 'rule',
            'detail': rule.fault, 'remedy': rule.remedy,
        }) -%}
    {%- endfor -%}
    {{ return(rules) }}
{%- endmacro %}

{#- The least or greatest value of a column, in SQL, with the column's type. -#}
{% macro bound(value, data_type) -%}
    cast('{{ value }}' as {{ type_of(data_type) }})
{%- endmacro %}

{#- The condition of a rule in SQL. If it reads a seed of known values, the model must
    refer to that seed. -#}
{% macro condition_of(rule) -%}
    {%- if rule.known_in -%}
        {{ is_in(rule.column_name, known_values(rule.known_in, rule.known_where)) }}
    {%- else -%}
        {{ rule.must_hold }}
    {%- endif -%}
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
    Whether the line is held because it breaks its contract. A line that closes a key is
    never held. This is a column besides the list of reasons because a filter on a list
    would be slow: DuckDB copies what a filter reads.
-#}
{% macro is_held(extract) -%}
    not _is_closing and not (
    {%- for rule in contract_rules(extract) | rejectattr('is_implied') %}
        coalesce({{ condition_of(rule) }}, true){{ ' and' if not loop.last }}
    {%- endfor %}
    )
{%- endmacro %}

{#-
    The codes of all rules that the line breaks. Slow, so read it for held lines only.
    If a mapping could not fill a column, no other rule of the column is tested.
-#}
{% macro quarantine_reasons(extract) -%}
    {%- set reasons = [] -%}
    {%- for rule in contract_rules(extract) -%}
        {%- set reason -%}
            case
                when
                    not coalesce({{ condition_of(rule) }}, true)
                    {%- if rule.column_name and rule.kind != 'not_mapped' %}
                    and not coalesce(
                        array_contains(_not_mapped, '{{ rule.column_name }}'), false
                    )
                    {%- endif %}
                    then '{{ rule.code }}'
            end
        {%- endset -%}
        {%- do reasons.append(reason) -%}
    {%- endfor -%}
    {{ list_of_texts(reasons) }}
{%- endmacro %}
