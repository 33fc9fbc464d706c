{#- The column names a row: never empty, none twice. -#}
{% test key(model, column_name) %}

{{ config(meta={
    'description': column_name ~ ' names a row: it is never empty and none is there twice.',
    'remedy': 'Find what made the row twice or without a key, in the model that is named,'
        ~ ' and correct it there.',
}) }}

select
    {{ column_name }},
    count(*) as row_count
from {{ model }}
group by all
having count(*) > 1 or {{ column_name }} is null

{% endtest %}
