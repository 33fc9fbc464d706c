{#- A text of several words with | between them, as a list; null if the text is. -#}
{% macro words_of(text) -%}
    {{ return(adapter.dispatch('words_of', 'strandline')(text)) }}
{%- endmacro %}

{% macro default__words_of(text) -%} string_split({{ text }}, '|') {%- endmacro %}

{% macro spark__words_of(text) -%} split({{ text }}, r'\|', -1) {%- endmacro %}

{#- A list of texts without members. -#}
{% macro no_words() -%}
    {{ return(adapter.dispatch('no_words', 'strandline')()) }}
{%- endmacro %}

{% macro default__no_words() -%} [] {%- endmacro %}

{% macro spark__no_words() -%} cast(array() as array<string>) {%- endmacro %}

{#- Each word without spaces around it, in lower case. -#}
{% macro plain_words(words) -%}
    {{ return(adapter.dispatch('plain_words', 'strandline')(words)) }}
{%- endmacro %}

{% macro default__plain_words(words) -%}
    list_transform({{ words }}, lambda word: lower(trim(word)))
{%- endmacro %}

{% macro spark__plain_words(words) -%}
    transform({{ words }}, word -> lower({{ trimmed('word') }}))
{%- endmacro %}

{#- Whether the list has every word of another list. -#}
{% macro has_all_words(list, words) -%}
    {{ return(adapter.dispatch('has_all_words', 'strandline')(list, words)) }}
{%- endmacro %}

{% macro default__has_all_words(list, words) -%}
    list_has_all({{ list }}, {{ words }})
{%- endmacro %}

{% macro spark__has_all_words(list, words) -%}
    size(array_except({{ words }}, {{ list }})) = 0
{%- endmacro %}

{#- The texts that are not null, as a list. -#}
{% macro list_of_texts(texts) -%}
    {{ return(adapter.dispatch('list_of_texts', 'strandline')(texts)) }}
{%- endmacro %}

{% macro default__list_of_texts(texts) -%}
    list_filter(
        [
        {%- for text in texts %}
            {{ text }}{{ ',' if not loop.last }}
        {%- endfor %}
        ],
        lambda text: text is not null
    )
{%- endmacro %}

{% macro spark__list_of_texts(texts) -%}
    array_compact(array(
        {%- for text in texts %}
            {{ text }}{{ ',' if not loop.last }}
        {%- endfor %}
    ))
{%- endmacro %}
