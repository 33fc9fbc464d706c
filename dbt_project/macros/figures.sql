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

{#- Events per 1,000 people, one decimal, exact; null where the population is not known. -#}
{% macro rate_per_1000(events, population) -%}
    {{ percentage('10 * (' ~ events ~ ')', population) }}
{%- endmacro %}

{#- 10 to the power of a column of decimal places, exact; null beyond six. -#}
{% macro power_of_ten(places) -%}
    case {{ places }}
        when 0 then 1
        when 1 then 10
        when 2 then 100
        when 3 then 1000
        when 4 then 10000
        when 5 then 100000
        when 6 then 1000000
    end
{%- endmacro %}

{#-
    `a / b` rounded half away from zero to a column of decimal places, as
    decimal(18, 6), for a and b of at most three decimal places.
-#}
{% macro rounded_quotient(a, b, places) -%}
    cast(
        {{ divide_half_away(
            'cast(1000 * (' ~ a ~ ') * ' ~ power_of_ten(places) ~ ' as hugeint)',
            'cast(1000 * (' ~ b ~ ') as hugeint)',
        ) }} * cast(1 as decimal(18, 6)) / {{ power_of_ten(places) }} as decimal(18, 6)
    )
{%- endmacro %}
