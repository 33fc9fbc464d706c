{#- The value of a rule in seeds/force/supply_rules.csv. -#}
{% macro supply_rule(code) -%}
    (select supply_rules.rule_value from {{ ref('supply_rules') }} as supply_rules
    where supply_rules.rule_code = '{{ code }}')
{%- endmacro %}

{#- A number that is the same for consecutive months in `month`, within each `of`. -#}
{% macro run_of_months(month, of) -%}
    date_diff('month', date '2000-01-01', {{ month }})
    - row_number() over (partition by {{ of | join(', ') }} order by {{ month }})
{%- endmacro %}

{#-
    Whether a month has so many uncertain lines (lines that might count) that its
    figures are doubted. Reads line_count, lines_of_run, lines_a_month and
    typical_count.
-#}
{% macro has_enough_uncertain_lines() -%}
    line_count > 0
    and lines_of_run >= {{ supply_rule('doubted_lines') }}
    and lines_a_month >= typical_count * {{ supply_rule('doubted_share') }}
{%- endmacro %}

{#-
    The months whose results are known for each unit: those of the extract, without the
    months in which the unit did not report. All three are relations of the model.
-#}
{% macro unit_months(supplied_months, result_periods, silent_units) -%}
    select
        {{ supplied_months }}.force_code,
        {{ result_periods }}.unit_name,
        {{ supplied_months }}.month
    from {{ supplied_months }}
    cross join {{ result_periods }}
    anti join {{ silent_units }}
        on {{ supplied_months }}.force_code = {{ silent_units }}.force_code
        and {{ result_periods }}.unit_name = {{ silent_units }}.category
        and {{ supplied_months }}.month = {{ silent_units }}.month
{%- endmacro %}
