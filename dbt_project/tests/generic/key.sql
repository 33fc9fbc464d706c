{#- The column identifies a row: never empty, never repeated. -#}
{% test key(model, column_name) %}

{{ config(meta={
    'description': column_name ~ ' identifies a row: it is never empty and never repeated.',
    'remedy': 'Find out why the model shown has a repeated or an empty key, and correct'
        ~ ' the model.',
}) }}

select
    {{ column_name }},
    count(*) as row_count
from {{ model }}
group by all
having count(*) > 1 or {{ column_name }} is null

{% endtest %}
