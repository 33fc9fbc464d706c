{#-
    Arithmetic of published figures, exact: no binary fractions on the way.
-#}

{#-
    a / b rounded half away from zero to whole numbers, for whole a and b; null where
    b is 0. Integer arithmetic, so that 6.25 is 6.3 and -10.85 is -10.9 at one decimal.
-#}
{% macro divide_half_away(a, b) -%}
    case
        when {{ b }} <> 0
            then
                sign({{ a }}) * sign({{ b }})
                * ((2 * abs({{ a }}) + abs({{ b }})) // (2 * abs({{ b }})))
    end
{%- endmacro %}

{#- 100 * part / whole, one decimal, as decimal(12, 1); null where whole is 0. -#}
{% macro percentage(part, whole) -%}
    cast(
        {{ divide_half_away(
            'cast(1000000 * (' ~ part ~ ') as hugeint)',
            'cast(1000 * (' ~ whole ~ ') as hugeint)',
        ) }} * 0.1 as decimal(12, 1)
    )
{%- endmacro %}
