{#- The columns that name one phase of a series, as it was known at one report's end. -#}
{% macro range_phase_columns() -%}
    force_code, measure_code, area_level, area_code, period_end, phase
{%- endmacro %}

{#- A signal of the usual range, and the run of months that it belongs to, as a struct. -#}
{% macro range_signal(code, side, length='null', first_month='null', last_month='null') -%}
    struct_pack(
        code := '{{ code }}',
        side := {{ side }},
        length := cast({{ length }} as integer),
        first_month := cast({{ first_month }} as date),
        last_month := cast({{ last_month }} as date)
    )
{%- endmacro %}
