{#-
    Months in words: July to September 2021. The formats are those of strftime: with
    first='%B %Y', the first month has its year too.
-#}
{% macro months_label(first_day, last_day, first='%B', last='%B %Y') -%}
    {{ filled(wording("'quarter_months'"), {
        'first_month': "strftime(" ~ first_day ~ ", '" ~ first ~ "')",
        'last_month': "strftime(" ~ last_day ~ ", '" ~ last ~ "')",
    }) }}
{%- endmacro %}

{#-
    A period in words, from its length in months and its first and last day: July 2021,
    Q2 2021/22, 12 months ending September 2021, April to September 2021, November 2021 to
    June 2022.
-#}
{% macro period_words(months, first_day, last_day, quarter_label) -%}
    case {{ months }}
        when 1 then strftime({{ last_day }}, '%B %Y')
        when 3 then {{ quarter_label }}
        when 12
            then {{ filled(wording("'period'"), {
                'month': "strftime(" ~ last_day ~ ", '%B %Y')",
            }) }}
        else
            if(
                year({{ first_day }}) = year({{ last_day }}),
                {{ months_label(first_day, last_day) }},
                {{ months_label(first_day, last_day, first='%B %Y') }}
            )
    end
{%- endmacro %}

{#-
    Whether what a row counts changed between the first day of its base and the last day
    of its period: the first month of what is counted now is within the two, but is not
    the beginning of the base. The row has a force_code and a measure_code, and the model
    has a CTE `recording_breaks`: the rows of range_phases that are not comparable.
-#}
{% macro is_across_a_break(row, base_start, period_end) -%}
    exists(
        select 1
        from recording_breaks
        where
            {{ base_start }} < recording_breaks.first_month
            and {{ period_end }} >= recording_breaks.first_month
            and {{ row }}.force_code
            = coalesce(recording_breaks.force_code, {{ row }}.force_code)
            and {{ row }}.measure_code
            = coalesce(recording_breaks.measure_code, {{ row }}.measure_code)
    )
{%- endmacro %}

{#- The first day of the `count` months that end on `last_day`. -#}
{% macro first_day_of_months(count, last_day) -%}
    cast(date_trunc('month', {{ last_day }}) - interval {{ count - 1 }} month as date)
{%- endmacro %}
