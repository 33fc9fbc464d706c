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
    {{ unit }} not in (select measure_unit from {{ ref('amount_units') }})
{%- endmacro %}

{#- The count or amount of a unit as a report prints it: money in whole pounds. -#}
{% macro printed_amount(value, unit) -%}
    case
        when
            {{ unit }} in (
                select measure_unit from {{ ref('amount_units') }} where is_whole
            )
            then cast(round({{ value }}) as decimal(18, 3))
        else cast({{ value }} as decimal(18, 3))
    end
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

{#-
    The steps from counts by month to the interval and the word of each change. The model
    has the CTEs `monthly` (counts of events by force_code, measure_code, area_level,
    area_code and month: value) and `periods` (comparison_code, month_count, force_code,
    which is null if all forces have the period, and the
    first and last days of the period and of its base, which have the same calendar
    months). The last step is `printed`.
-#}
{% macro change_intervals() -%}
windows as (
    select distinct
        period_end,
        base_end,
        cast(unnest(generate_series(0, 11)) as integer) as months_before_end
    from periods
),

-- The last 12 months of each period, each with the same calendar month in the 12 months
-- up to the end of its base.
paired_months as (
    select
        *,
        cast(
            date_trunc('month', period_end) - to_months(months_before_end) as date
        ) as month,
        cast(
            date_trunc('month', base_end)
            - to_months((month(base_end) - month(month) + 12) % 12) as date
        ) as base_month
    from windows
),

pairs as (
    select
        current_months.force_code,
        current_months.measure_code,
        current_months.area_level,
        current_months.area_code,
        paired_months.period_end,
        paired_months.base_end,
        paired_months.months_before_end,
        paired_months.months_before_end // 3 as quarters_before_end,
        cast(base_months.value as double) as base_value,
        cast(current_months.value as double) as current_value
    from paired_months
    inner join monthly as current_months
        on paired_months.month = current_months.month
    inner join monthly as base_months
        on paired_months.base_month = base_months.month
        and current_months.force_code = base_months.force_code
        and current_months.measure_code = base_months.measure_code
        and current_months.area_level = base_months.area_level
        and current_months.area_code = base_months.area_code
),

with_totals as (
    select
        *,
        sum(base_value) over years as base_total,
        sum(current_value) over years as current_total,
        sum(base_value) over quarters as base_quarter,
        sum(current_value) over quarters as current_quarter
    from pairs
    window
        years as (
            partition by
                force_code,
                measure_code,
                area_level,
                area_code,
                period_end,
                base_end
        ),
        quarters as (
            partition by
                force_code,
                measure_code,
                area_level,
                area_code,
                period_end,
                base_end,
                quarters_before_end
        )
),

with_parts as (
    select
        *,
        base_value + current_value > 0 as has_count,
        {{ chi_squared_part('base_total', 'current_total') }} as year_part,
        {{ chi_squared_part('base_quarter', 'current_quarter') }} as quarter_part
    from with_totals
),

by_quarter as (
    select
        force_code,
        measure_code,
        area_level,
        area_code,
        period_end,
        base_end,
        quarters_before_end,
        count(*) as month_count,
        count(*) filter (where has_count) as counted_months,
        sum(year_part order by months_before_end) as year_part,
        sum(quarter_part order by months_before_end) as quarter_part,
        bool_or(quarter_part is not null) as has_both_years,
        count(*) filter (where current_value < base_value) as months_lower,
        count(*) filter (where current_value > base_value) as months_higher,
        count(*) filter (where current_value = base_value) as months_equal
    from with_parts
    group by all
),

by_year as (
    select
        force_code,
        measure_code,
        area_level,
        area_code,
        period_end,
        base_end,
        sum(month_count) as paired_months,
        sum(year_part order by quarters_before_end)
        / nullif(sum(counted_months) - 1, 0) as year_dispersion,
        sum(quarter_part order by quarters_before_end)
        / nullif(sum(counted_months - 1) filter (where has_both_years), 0)
            as quarter_dispersion,
        sum(months_lower) as months_lower,
        sum(months_higher) as months_higher,
        sum(months_equal) as months_equal
    from by_quarter
    group by all
),

dispersions as (
    select
        * exclude (year_dispersion, quarter_dispersion),
        greatest(1, coalesce(year_dispersion, 1)) as year_dispersion,
        greatest(1, coalesce(quarter_dispersion, 1)) as quarter_dispersion
    from by_year
),

-- Only periods in which every month has a pair.
counts as (
    select
        pairs.force_code,
        pairs.measure_code,
        pairs.area_level,
        pairs.area_code,
        periods.comparison_code,
        periods.month_count,
        periods.period_start,
        periods.period_end,
        periods.base_end,
        (date_diff('day', periods.base_start, periods.base_end) + 1)
        / (date_diff('day', periods.period_start, periods.period_end) + 1) as day_ratio,
        sum(pairs.base_value) as a,
        sum(pairs.current_value) as b
    from pairs
    inner join periods
        on pairs.period_end = periods.period_end
        and pairs.base_end = periods.base_end
        and pairs.months_before_end < periods.month_count
        and coalesce(periods.force_code, pairs.force_code) = pairs.force_code
    group by all
    having count(*) = any_value(periods.month_count)
),

dispersed as (
    select
        counts.*,
        dispersions.paired_months,
        dispersions.months_lower,
        dispersions.months_higher,
        dispersions.months_equal,
        counts.month_count < 12 and dispersions.paired_months = 12 as is_by_quarter,
        if(
            counts.month_count < 12 and dispersions.paired_months = 12,
            dispersions.quarter_dispersion,
            dispersions.year_dispersion
        ) as phi
    from counts
    inner join dispersions
        using (
            force_code, measure_code, area_level, area_code, period_end, base_end
        )
),

with_quantile as (
    select
        *,
        case
            when phi = 1 then {{ normal_quantile() }}
            else {{ t_quantile('if(is_by_quarter, 8, paired_months - 1)') }}
        end as q
    from dispersed
),

limited as (
    select
        *,
        {{ ratio_lower('a', 'b', 'day_ratio', 'phi', 'q') }} as lower,
        {{ ratio_upper('a', 'b', 'day_ratio', 'phi', 'q') }} as upper,
        {{ ratio_lower('a', 'b', 'day_ratio', '1', normal_quantile()) }}
            as poisson_lower,
        {{ ratio_upper('a', 'b', 'day_ratio', '1', normal_quantile()) }}
            as poisson_upper,
        case
            when a > 0 and b > 0
                then ln(b / a * day_ratio) / sqrt(phi * (1 / a + 1 / b))
        end as z
    from with_quantile
),

judged as (
    select
        *,
        case
            when a + b < 20 then 'too_few'
            when paired_months < 4 then null
            when lower > 1 then 'higher'
            when upper < 1 then 'lower'
            when
                month_count = 12
                and phi > 2.84
                and abs(b - a) >= 0.1 * a
                and (poisson_lower > 1 or poisson_upper < 1)
                then 'uneven'
            else 'no_clear_change'
        end as change_code
    from limited
),

printed as (
    select
        force_code,
        measure_code,
        area_level,
        area_code,
        comparison_code,
        period_start,
        period_end,
        change_code,
        cast(round(phi, 4) as decimal(12, 4)) as dispersion,
        case when change_code <> 'too_few' then {{ limit_pct('lower') }} end
            as range_lower_pct,
        case when change_code <> 'too_few' then {{ limit_pct('upper') }} end
            as range_upper_pct,
        cast(round(z, 2) as decimal(12, 2)) as clearness,
        if(month_count = 12, cast(months_lower as bigint), null) as months_lower,
        if(month_count = 12, cast(months_higher as bigint), null) as months_higher,
        if(month_count = 12, cast(months_equal as bigint), null) as months_equal
    from judged
)
{%- endmacro %}
