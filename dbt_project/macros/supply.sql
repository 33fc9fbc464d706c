{#- The number of a rule of seeds/force/supply_rules.csv. -#}
{% macro supply_rule(code) -%}
    (select supply_rules.rule_value from {{ ref('supply_rules') }} as supply_rules
    where supply_rules.rule_code = '{{ code }}')
{%- endmacro %}
