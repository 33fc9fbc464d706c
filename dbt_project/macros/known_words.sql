{#-
    Values that lists know, and values that no list does. A value in no list is never
    poured into a default: it has a member of its own, and it is counted
    (marts.fct_unknown_values).
-#}

{#- The member of a crime type, and of any other text, that is in no list. -#}
{% macro not_recognised() -%} 'Not recognised' {%- endmacro %}

{#- The member of a district that is in no list. -#}
{% macro not_recognised_district() -%} 'NOT_RECOGNISED' {%- endmacro %}

{#- The member of an outcome that is in no list. -#}
{% macro not_recognised_outcome() -%} 'NOT_RECOGNISED' {%- endmacro %}

{#- The member of a crime that has no outcome yet. -#}
{% macro no_outcome() -%} 'NONE' {%- endmacro %}

{#- The member of a district that was not given. -#}
{% macro unknown_district() -%} 'UNKNOWN' {%- endmacro %}

{#-
    The district in which a record counts. UNKNOWN: it was not given. OUTSIDE: it is
    known, and another force's. NOT_RECOGNISED: it was given and is in no list.
-#}
{% macro placed_district(given, list_code, list_force, list_became, force) -%}
    case
        when {{ given }} is null then {{ unknown_district() }}
        when {{ list_code }} is null then {{ not_recognised_district() }}
        when {{ list_force }} = {{ force }}
            then coalesce({{ list_became }}, {{ list_code }})
        else 'OUTSIDE'
    end
{%- endmacro %}

{#-
    A name by which spellings are compared: without case, accents, spaces and
    punctuation, `&` as `and`. St. Helens is St Helens, Stoke-on-Trent Stoke on Trent.
-#}
{% macro plain_name(text) -%}
    regexp_replace(
        replace(lower(strip_accents({{ text }})), '&', 'and'), '[^a-z0-9]+', '', 'g'
    )
{%- endmacro %}

{#- The condition that a contract's column holds a value that its list knows. -#}
{% macro is_known_value(name, meta) -%}
    {%- if meta.allowed -%}
        {{ name }} in ('{{ meta.allowed | join("', '") }}')
    {%- else -%}
        {{ name }} in ({{ known_values(meta.known_in, meta.known_where) }})
    {%- endif -%}
{%- endmacro %}

{#- The words of a column of several texts that its list does not know, each once. -#}
{% macro unknown_words(name) -%}
    list_distinct(list_filter(
        list_transform({{ name }}, lambda word: trim(word)),
        lambda word: word <> ''
        and not list_contains(known_{{ name }}.words, lower(word))
    ))
{%- endmacro %}

{#-
    One row per value of a delivered line that no list knows: of the columns with a list
    (known_in or allowed) in the contracts of all extracts. `is_read` is a condition on
    the lines.
-#}
{% macro unknown_values(is_read) -%}
    {%- for extract in var('extracts') %}
    {%- set contract = contract_of(extract) -%}
    {%- set listed = [] -%}
    {%- for name, column in (contract.columns.items() if contract else []) -%}
        {%- set meta = column.config.meta -%}
        {%- if meta.known_in or meta.allowed -%}
            {%- do listed.append((name, column.data_type == 'varchar[]', meta)) -%}
        {%- endif -%}
    {%- endfor %}
    select
        '{{ extract }}' as extract,
        _force_code as force_code,
        {{ contract_key(extract) }} as line_key,
        _load_id as load_id,
        _line as line,
        _extracted_at as extracted_at,
        unnest(
            list_concat(
                cast([] as struct(column_name varchar, value varchar)[])
    {%- for name, is_list, meta in listed %},
        {%- if is_list %}
                list_transform(
                    {{ unknown_words(name) }},
                    lambda word: struct_pack(column_name := '{{ name }}', value := word)
                )
        {%- else %}
                case when not {{ is_known_value(name, meta) }}
                    then [struct_pack(column_name := '{{ name }}', value := {{ name }})]
                end
        {%- endif -%}
    {%- endfor %}
            ),
            recursive := true
        )
    from {{ ref('stg_force__' ~ extract) }}
    {%- for name, is_list, meta in listed if is_list %}
    cross join (
        select list(lower(known.word)) as words
        from ({{ known_values(meta.known_in, meta.known_where) }}) as known (word)
    ) as known_{{ name }}
    {%- endfor %}
    where not _is_closing and {{ is_read }}
    {{- ' union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
