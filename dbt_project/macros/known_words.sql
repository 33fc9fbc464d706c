{#-
    Values that are in a list, and values that are not. An unlisted value never becomes
    a default value: it gets a member of its own, such as Not recognised, and
    marts.fct_unknown_values counts it.
-#}

{#- The member for a crime type, or any other text, that is in no list. -#}
{% macro not_recognised() -%} 'Not recognised' {%- endmacro %}

{#- The crime types of the open data together, without anti-social behaviour. -#}
{% macro all_crime() -%} 'All crime' {%- endmacro %}

{#- The member for a district that is in no list. -#}
{% macro not_recognised_district() -%} 'NOT_RECOGNISED' {%- endmacro %}

{#- The member for an outcome that is in no list. -#}
{% macro not_recognised_outcome() -%} 'NOT_RECOGNISED' {%- endmacro %}

{#- The member for a crime that has no outcome yet. -#}
{% macro no_outcome() -%} 'NONE' {%- endmacro %}

{#- The member for a district that was not given. -#}
{% macro unknown_district() -%} 'UNKNOWN' {%- endmacro %}

{#-
    The district in which a record counts. UNKNOWN: none was given. OUTSIDE: it belongs
    to another force. NOT_RECOGNISED: it is in no list.
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
    A name without case, accents, spaces and punctuation, and with `and` for `&`, so
    that spellings can be compared: St. Helens equals St Helens, and Stoke-on-Trent
    equals Stoke on Trent.
-#}
{% macro plain_name(text) -%}
    {{ without_pattern(
        "replace(lower(" ~ without_accents(text) ~ "), '&', 'and')", '[^a-z0-9]+'
    ) }}
{%- endmacro %}

{#- Whether the value of a contract's column is in its list. -#}
{% macro is_known_value(name, meta) -%}
    {%- if meta.allowed -%}
        {{ name }} in ('{{ meta.allowed | join("', '") }}')
    {%- else -%}
        {{ name }} in ({{ known_values(meta.known_in, meta.known_where) }})
    {%- endif -%}
{%- endmacro %}

{#-
    The words of a column of several texts that are not in its list, without repeats.
-#}
{% macro unknown_words(name) -%}
    list_distinct(list_filter(
        list_transform({{ name }}, lambda word: trim(word)),
        lambda word: word <> ''
        and not list_contains(known_{{ name }}.words, lower(word))
    ))
{%- endmacro %}

{#-
    One row per unlisted value of a delivered line, for all columns that have a list
    (known_in or allowed) in a contract. `is_read` is a condition on the lines.
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
        {{ extract_of_line(extract) }} as extract,
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

{#- One column as the key of an area. -#}
{% macro area_key(force, level, area) -%}
    concat_ws('/', {{ force }}, {{ level }}, {{ area }})
{%- endmacro %}
