{#-
    Every row of every table of the pack, as a JSON object. A revision is about
    figures and is not one itself.
-#}
{% macro union_report_tables() -%}
    {%- for table_name in var('report_tables')
        if table_name != 'revised_figures' %}
    select
        report_table.quarter,
        report_table.force_code,
        '{{ table_name }}' as table_name,
        report_table.row_position,
        to_json(report_table) as row_json
    from {{ ref('rpt_' ~ table_name) }} as report_table
    {{- ' union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
