{#- The column names a row: never empty, none twice. -#}
{% test key(model, column_name) %}

select
    {{ column_name }},
    count(*) as row_count
from {{ model }}
group by all
having count(*) > 1 or {{ column_name }} is null

{% endtest %}
