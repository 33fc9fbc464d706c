{#-
    Where DuckDB and Apache Spark write the same thing in different words. The models
    with the tag `counting` run on both (docs/scale.md), so they use no function of one
    dialect outside this folder. A macro has its DuckDB form, and its Spark form with
    the same value. A pattern is a regular expression that both read in the same way
    (RE2 and Java).
-#}

{#- The text without spaces at either end, whatever their width. -#}
{% macro trimmed(text) -%}
    {{ return(adapter.dispatch('trimmed', 'strandline')(text)) }}
{%- endmacro %}

{% macro default__trimmed(text) -%} trim({{ text }}) {%- endmacro %}

{% macro spark__trimmed(text) -%}
    trim(
        both '\u0020\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007'
        || '\u2008\u2009\u200A\u202F\u205F\u3000' from {{ text }}
    )
{%- endmacro %}

{#- The text without every part that has the pattern. -#}
{% macro without_pattern(text, pattern) -%}
    {{ return(adapter.dispatch('without_pattern', 'strandline')(text, pattern)) }}
{%- endmacro %}

{% macro default__without_pattern(text, pattern) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '', 'g')
{%- endmacro %}

{% macro spark__without_pattern(text, pattern) -%}
    regexp_replace({{ text }}, r'{{ pattern }}', '')
{%- endmacro %}

{#- Whether a part of the text has the pattern. -#}
{% macro has_pattern(text, pattern) -%}
    {{ return(adapter.dispatch('has_pattern', 'strandline')(text, pattern)) }}
{%- endmacro %}

{% macro default__has_pattern(text, pattern) -%}
    regexp_matches({{ text }}, '{{ pattern }}')
{%- endmacro %}

{% macro spark__has_pattern(text, pattern) -%}
    regexp_like({{ text }}, r'{{ pattern }}')
{%- endmacro %}

{#- Whether the complete text has the pattern. -#}
{% macro is_pattern(text, pattern) -%}
    {{ return(adapter.dispatch('is_pattern', 'strandline')(text, pattern)) }}
{%- endmacro %}

{% macro default__is_pattern(text, pattern) -%}
    regexp_full_match({{ text }}, '{{ pattern }}')
{%- endmacro %}

{#- Not ^ and $: $ is also before a line break at the end. -#}
{% macro spark__is_pattern(text, pattern) -%}
    regexp_like({{ text }}, r'\A(?:{{ pattern }})\z')
{%- endmacro %}

{#-
    The text without accents. Spark has no function for this, so the letters are listed:
    Latin-1, Latin Extended-A and the Welsh letters of Latin Extended Additional. A mark
    that stands apart is removed.
-#}
{% macro without_accents(text) -%}
    {{ return(adapter.dispatch('without_accents', 'strandline')(text)) }}
{%- endmacro %}

{% macro default__without_accents(text) -%} strip_accents({{ text }}) {%- endmacro %}

{% macro spark__without_accents(text) -%}
    translate(
        regexp_replace({{ text }}, r'\p{Mn}', ''),
        'ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüýÿ'
        || 'ĀāĂăĄąĆćĈĉĊċČčĎďĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĨĩĪīĬĭĮįİĴĵĶķĹĺĻļĽľŃńŅņŇň'
        || 'ŌōŎŏŐőŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžẀẁẂẃẄẅỲỳ',
        'AAAAAACEEEEIIIINOOOOOUUUUYaaaaaaceeeeiiiinooooouuuuyy'
        || 'AaAaAaCcCcCcCcDdEeEeEeEeEeGgGgGgGgHhIiIiIiIiIJjKkLlLlLlNnNnNn'
        || 'OoOoOoRrRrRrSsSsSsSsTtTtUuUuUuUuUuUuWwYyYZzZzZzWwWwWwYy'
    )
{%- endmacro %}

{#- A JSON object of texts. `columns` has the expression of each name. -#}
{% macro json_object_of(columns) -%}
    {{ return(adapter.dispatch('json_object_of', 'strandline')(columns)) }}
{%- endmacro %}

{% macro default__json_object_of(columns) -%}
    cast(to_json(struct_pack(
    {%- for name, text in columns.items() %}
        {{ name }} := {{ text }}{{ ',' if not loop.last }}
    {%- endfor %}
    )) as varchar)
{%- endmacro %}

{% macro spark__json_object_of(columns) -%}
    to_json(named_struct(
    {%- for name, text in columns.items() %}
        '{{ name }}', {{ text }}{{ ',' if not loop.last }}
    {%- endfor %}
    ), map('ignoreNullFields', 'false'))
{%- endmacro %}

{#- Eight bytes that stand for the texts, to join by. They are in no mart. -#}
{% macro hash_of(columns) -%}
    {{ return(adapter.dispatch('hash_of', 'strandline')(columns)) }}
{%- endmacro %}

{% macro default__hash_of(columns) -%} hash({{ columns | join(', ') }}) {%- endmacro %}

{% macro spark__hash_of(columns) -%} xxhash64({{ columns | join(', ') }}) {%- endmacro %}

{#- The first day of a month that is written as 2021-09; null for another text. -#}
{% macro first_day_of_month(text) -%}
    {{ return(adapter.dispatch('first_day_of_month', 'strandline')(text)) }}
{%- endmacro %}

{% macro default__first_day_of_month(text) -%}
    try_strptime({{ text }}, '%Y-%m')::date
{%- endmacro %}

{% macro spark__first_day_of_month(text) -%}
    case
        when regexp_like({{ text }}, r'\A *[0-9]{1,4}-(0?[1-9]|1[0-2]) *\z')
            then make_date(
                cast(split_part(trim({{ text }}), '-', 1) as int),
                cast(split_part(trim({{ text }}), '-', 2) as int),
                1
            )
    end
{%- endmacro %}
