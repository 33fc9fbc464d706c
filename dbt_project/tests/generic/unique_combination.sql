{#- The columns together identify a row: never repeated. -#}
{% test unique_combination(model, columns) %}

{{ config(meta={
    'description': columns | join(', ') ~ ' together identify a row: they are never repeated.',
    'remedy': 'Find out why the model shown has a repeated row, and correct the model.',
}) }}

select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
group by all
having count(*) > 1

{% endtest %}
