{#-
    The interval of the ratio of two counts, a before and b now, per day. `phi` is their
    dispersion, `q` the quantile, `day_ratio` the days of a over those of b. All are
    SQL expressions and yield doubles.
-#}

{#-
    Whether a unit counts events: money and weights have neither an interval nor a usual
    range.
-#}
{% macro counts_events(unit) -%}
    {{ unit }} not in ('pounds', 'kilograms')
{%- endmacro %}

{#- The part of one month in the chi-squared of a table of two years. -#}
{% macro chi_squared_part(base_total, current_total) -%}
    power(base_value * {{ current_total }} - current_value * {{ base_total }}, 2)
    / nullif((base_value + current_value) * {{ base_total }} * {{ current_total }}, 0)
{%- endmacro %}

{#- 97.5% of the normal distribution. -#}
{% macro normal_quantile() -%} 1.959964 {%- endmacro %}

{#- 97.5% of Student's t distribution; null below 3 degrees of freedom and above 11. -#}
{% macro t_quantile(degrees_of_freedom) -%}
    case {{ degrees_of_freedom }}
        when 3 then 3.182446
        when 4 then 2.776445
        when 5 then 2.570582
        when 6 then 2.446912
        when 7 then 2.364624
        when 8 then 2.306004
        when 9 then 2.262157
        when 10 then 2.228139
        when 11 then 2.200985
    end
{%- endmacro %}

{% macro ratio_lower(a, b, day_ratio, phi, q) -%}
    case
        when {{ b }} = 0 then 0
        when {{ a }} = 0 then {{ b }} / (power({{ q }}, 2) * {{ phi }}) * {{ day_ratio }}
        else
            {{ b }} / {{ a }} * {{ day_ratio }}
            / exp({{ q }} * sqrt({{ phi }} * (1 / {{ a }} + 1 / {{ b }})))
    end
{%- endmacro %}

{#- Null after a count of 0. -#}
{% macro ratio_upper(a, b, day_ratio, phi, q) -%}
    case
        when {{ a }} = 0 then null
        when {{ b }} = 0 then power({{ q }}, 2) * {{ phi }} / {{ a }} * {{ day_ratio }}
        else
            {{ b }} / {{ a }} * {{ day_ratio }}
            * exp({{ q }} * sqrt({{ phi }} * (1 / {{ a }} + 1 / {{ b }})))
    end
{%- endmacro %}

{#-
    A limit of a ratio as a percentage of change: one decimal place, or as many as keep
    it on its side of 0 (1.000469 is 0.05), as a double.
-#}
{% macro limit_pct(limit) -%}
    case
        when abs({{ limit }} - 1) >= 0.0005 then round(({{ limit }} - 1) * 100, 1)
        when abs({{ limit }} - 1) >= 0.00005 then round(({{ limit }} - 1) * 100, 2)
        else round(({{ limit }} - 1) * 100, 3)
    end
{%- endmacro %}

{#- A limit as a report prints it: +0.05 or -4.2. -#}
{% macro signed_digits(limit) -%}
    if({{ limit }} > 0, '+', '') || cast({{ limit }} as varchar)
{%- endmacro %}

{#- The lower (sign '-') or upper ('+') limit of Wilson's interval of a share x of n. -#}
{% macro wilson_limit(x, n, sign) -%}
    (
        {{ x }} + power({{ normal_quantile() }}, 2) / 2
        {{ sign }} {{ normal_quantile() }} * sqrt(
            {{ x }} * (1.0 - {{ x }} / cast({{ n }} as double))
            + power({{ normal_quantile() }}, 2) / 4
        )
    ) / ({{ n }} + power({{ normal_quantile() }}, 2))
{%- endmacro %}

{#-
    The word of a change from the share x1 of n1 to the share x2 of n2, by Newcombe's
    hybrid score interval of their difference. Null where a share is not known, is of
    fewer than 20, or counts more than it is a share of.
-#}
{% macro share_change_code(x1, n1, x2, n2) -%}
    {%- set p1 = 'cast(' ~ x1 ~ ' as double) / ' ~ n1 -%}
    {%- set p2 = 'cast(' ~ x2 ~ ' as double) / ' ~ n2 -%}
    case
        when {{ n1 }} < 20 or {{ n2 }} < 20 or {{ x1 }} > {{ n1 }} or {{ x2 }} > {{ n2 }}
            then null
        when
            {{ p2 }} - {{ p1 }} > sqrt(
                power({{ p2 }} - {{ wilson_limit(x2, n2, '-') }}, 2)
                + power({{ wilson_limit(x1, n1, '+') }} - {{ p1 }}, 2)
            )
            then 'higher'
        when
            {{ p1 }} - {{ p2 }} > sqrt(
                power({{ wilson_limit(x2, n2, '+') }} - {{ p2 }}, 2)
                + power({{ p1 }} - {{ wilson_limit(x1, n1, '-') }}, 2)
            )
            then 'lower'
        when {{ x1 }} is not null and {{ x2 }} is not null then 'no_clear_change'
    end
{%- endmacro %}
