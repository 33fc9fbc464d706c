{#-
    The moment as at which everything is built, inclusive: the end of the day
    STRANDLINE_AS_AT (YYYY-MM-DD, Europe/London), or no limit where it is not set.
-#}
{% macro as_at() -%}
    {%- set day = env_var('STRANDLINE_AS_AT', '') -%}
    {%- if day -%}
        timestamp '{{ day }} 23:59:59.999999'
    {%- else -%}
        timestamp '9999-12-31 23:59:59'
    {%- endif -%}
{%- endmacro %}
