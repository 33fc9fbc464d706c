{#-
    The id of a figure: its measure, category, area, days, the days that they are
    compared with, and the statistic. A figure has the same id in every table, sentence
    and quarter.

        hate_crime/12m-2021-09/count
        hate_crime/12m-2021-09/12m-2020-09/difference_pct
        hate_crime.racial/12m-2021-09/category_share
        nte_crime@e07000066/12m-2021-09/count
        plan_actions_complete.hate_crime/2021-11-17/count
-#}

{#- A name as a code, such as `child_sexual_abuse`, that is safe in a shell. -#}
{% macro code_of(name) -%}
    trim(regexp_replace(lower({{ name }}), '[^a-z0-9]+', '_', 'g'), '_')
{%- endmacro %}

{#- The id of a cell: its table, the key of its row and its column. -#}
{% macro cell_id(table_name, row_key, column_name) -%}
    concat_ws('/', {{ table_name }}, {{ row_key }}, {{ column_name }})
{%- endmacro %}

{#- Days as text: `2021-11-17`, `2021-09` (a month), `12m-2021-09` (several months). -#}
{% macro days_of(first_day, last_day) -%}
    case
        when {{ first_day }} = {{ last_day }} then strftime({{ last_day }}, '%Y-%m-%d')
        when date_trunc('month', {{ first_day }}) = date_trunc('month', {{ last_day }})
            then strftime({{ last_day }}, '%Y-%m')
        else
            (date_diff('month', {{ first_day }}, {{ last_day }}) + 1)
            || 'm-' || strftime({{ last_day }}, '%Y-%m')
    end
{%- endmacro %}

{#- The id, from columns of these names. -#}
{% macro figure_id() -%}
    measure_code
    || coalesce('.' || {{ code_of('category') }}, '')
    || case
        when area_level = 'force' then ''
        else '@' || {{ code_of('area_code') }}
    end
    || '/' || {{ days_of('first_day', 'last_day') }}
    || coalesce('/' || {{ days_of('base_first_day', 'base_last_day') }}, '')
    || '/' || statistic
{%- endmacro %}
