{#- A free text of an action as a pack shows it: the text itself only if the force's
configuration says so (action_texts.csv). #}

{% macro shown_text(column, otherwise) -%}
    case
        when
            {{ column }} is null
            or exists (
                select 1 from {{ ref('action_texts') }} as action_texts
                where
                    action_texts.column_name = '{{ column }}'
                    and action_texts.is_shown
            )
            then {{ column }}
        else {{ otherwise }}
    end
{%- endmacro %}
