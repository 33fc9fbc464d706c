{#- The key of one phase of a series of months, as known at the end of one report. -#}
{% macro range_phase_columns() -%}
    force_code, measure_code, area_level, area_code, period_end, phase
{%- endmacro %}

{#- A limit or an average of months as printed: one decimal place, and none below 0. -#}
{% macro printed_limit(value) -%}
    cast(if({{ value }} < 0, 0, {{ value }}) as decimal(12, 1))
{%- endmacro %}

{#- A struct with a signal (a month or run of months outside the usual range). -#}
{% macro range_signal(code, side, length='null', first_month='null', last_month='null') -%}
    struct_pack(
        code := '{{ code }}',
        side := {{ side }},
        length := cast({{ length }} as integer),
        first_month := cast({{ first_month }} as date),
        last_month := cast({{ last_month }} as date)
    )
{%- endmacro %}
