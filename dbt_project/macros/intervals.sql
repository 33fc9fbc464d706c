{#-
    The 95% interval of the ratio of two daily counts: `a` in the earlier period and `b`
    in the later one. `phi` is their dispersion, `q` the quantile, and `day_ratio` the
    days of `a` divided by those of `b`. All are SQL expressions of type double. The
    method is in docs/decisions/0021.
-#}

{#-
    Whether a measure with this unit counts events. Amounts of money and weights have
    neither an interval nor a usual range.
-#}
{% macro counts_events(unit) -%}
    {{ unit }} not in ('pounds', 'kilograms')
{%- endmacro %}

{#- One month's part of the chi-squared statistic of a table of months by two years. -#}
{% macro chi_squared_part(base_total, current_total) -%}
    power(base_value * {{ current_total }} - current_value * {{ base_total }}, 2)
    / nullif((base_value + current_value) * {{ base_total }} * {{ current_total }}, 0)
{%- endmacro %}

{#- The 97.5% quantile of the normal distribution. -#}
{% macro normal_quantile() -%} 1.959964 {%- endmacro %}

{#- The 97.5% quantile of Student's t distribution for 3 to 11 degrees of freedom. -#}
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

{#- Null if `a` is 0: the ratio has no upper limit then. -#}
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
    A limit of a ratio as a percentage of change, as a double. It is rounded to one
    decimal place, or to two or three if it would otherwise become 0: 1.000469 becomes
    0.05.
-#}
{% macro limit_pct(limit) -%}
    case
        when abs({{ limit }} - 1) >= 0.0005 then round(({{ limit }} - 1) * 100, 1)
        when abs({{ limit }} - 1) >= 0.00005 then round(({{ limit }} - 1) * 100, 2)
        else round(({{ limit }} - 1) * 100, 3)
    end
{%- endmacro %}

{#- A limit as a report prints it, such as +0.05 or -4.2. -#}
{% macro signed_digits(limit) -%}
    if({{ limit }} > 0, '+', '') || cast({{ limit }} as varchar)
{%- endmacro %}

{#- The lower (sign '-') or upper ('+') limit of Wilson's 95% interval of x / n. -#}
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
    The code of a change from the share x1 / n1 to the share x2 / n2: `higher` or
    `lower` if Newcombe's hybrid score interval of the difference does not include 0,
    otherwise `no_clear_change`. Null if a share is not known, if n1 or n2 is below 20,
    or if x1 or x2 exceeds its n.
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
