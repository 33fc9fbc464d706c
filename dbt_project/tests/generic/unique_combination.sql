{#- The columns together name a row: none twice. -#}
{% test unique_combination(model, columns) %}

{{ config(meta={
    'description': columns | join(', ') ~ ' together name a row: none is there twice.',
    'remedy': 'Find what made the row twice, in the model that is named, and correct it'
        ~ ' there.',
}) }}

select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
group by all
having count(*) > 1

{% endtest %}
