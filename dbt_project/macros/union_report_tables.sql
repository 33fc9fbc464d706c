{#-
    Every row of every table of the pack, as a JSON object. The list comes from
    seeds/report_tables.csv through the environment (dagster_project/paths.py), so that
    a new table's figures join without a change here. A revision is of figures, and none.
-#}
{% macro union_report_tables() -%}
    {%- for table_name in env_var('STRANDLINE_REPORT_TABLES').split(',')
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
