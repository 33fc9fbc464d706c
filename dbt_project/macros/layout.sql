{#-
    Makes the tables of the pack, with one column per figure, from rpt_rows and
    rpt_cells.
-#}

{#-
    The rows of one table with the figures of some of its columns. `columns` maps the
    names of these columns to their types.
-#}
{% macro rows_with_figures(table_name, columns) -%}
    select
        report_rows.*,
        {%- for column, data_type in columns.items() %}
        cast(max(cells.figure_value) filter (where cells.column_name = '{{ column }}')
            as {{ data_type }}) as {{ column }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('rpt_rows') }} as report_rows
    left join {{ ref('rpt_cells') }} as cells
        using (quarter, force_code, table_name, row_position)
    where report_rows.table_name = '{{ table_name }}'
    group by all
{%- endmacro %}

{#-
    on-run-end: drops what belongs to no model and no table of the layout, then makes one
    view for each table of the layout. The views come from code and seeds, so they stay if
    these have not changed since a run that made all seeds and views (incremental.sql).
-#}
{% macro lay_out_tables(tables, layout, headings, report_rows, cells) -%}
    {%- if not execute or flags.WHICH not in ('build', 'run') -%}
        {{ return('') }}
    {%- endif -%}
    {%- for relation in (tables, layout, headings, report_rows, cells)
        if not load_relation(relation) -%}
        {{ return('') }}
    {%- endfor -%}
    {{- drop_removed(layout) -}}
    {%- if flags.FULL_REFRESH
        or not run_query("select getvariable('build').has_all_seeds_and_views").rows[0][0] -%}
        {{- laid_out_views(tables, layout, headings, report_rows, cells) -}}
    {%- endif -%}
{%- endmacro %}

{#-
    Drops the tables and views that belong to no table of the layout and no model, in every
    build. An earlier version of the project made them; with their old rows, they would be
    published.
-#}
{% macro drop_removed(layout) -%}
    {%- set laid_out = run_query("select distinct 'rpt_' || table_name from " ~ layout)
        .columns[0].values() | list -%}
    {%- set kept = graph.nodes.values() | map(attribute='name') | list + laid_out
        + ['builds', 'restricted_columns'] -%}
    {%- for made in run_query(
        "select 'table' as kind, database_name, schema_name, table_name as name"
        ~ ' from duckdb_tables() union all'
        ~ " select 'view', database_name, schema_name, view_name from duckdb_views()"
    ).rows
        if made['database_name'] == layout.database
        and made['schema_name'] in ('staging', 'intermediate', 'marts', 'reporting')
        and made['name'] not in kept %}
    drop {{ made['kind'] }} {{ made['schema_name'] }}.{{ made['name'] }};
    {%- endfor %}
{%- endmacro %}

{#- The views of all tables of the layout. -#}
{% macro laid_out_views(tables, layout, headings, report_rows, cells) -%}
    {%- set laid_out = {} -%}
    {%- for column in run_query(
        'select table_name, table_description, column_name, data_type,'
        ~ ' column_description from ' ~ layout
        ~ ' inner join ' ~ tables ~ ' using (table_name)'
        ~ ' inner join ' ~ headings ~ ' using (column_name)'
        ~ ' order by table_name, column_position'
    ).rows -%}
        {%- do laid_out.setdefault('rpt_' ~ column.table_name, []).append(column) -%}
    {%- endfor -%}
    {#- A name means the same everywhere, so a model that has the column describes it. -#}
    {%- set described = {} -%}
    {%- for node in graph.nodes.values()
        if node.resource_type == 'model' and node.schema in ('marts', 'reporting') -%}
        {%- for name, column in node.columns.items() -%}
            {%- do described.update({name: column.description}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for name, columns in laid_out.items() %}
    {{ laid_out_view(
        report_rows.incorporate(path={'identifier': name}),
        columns,
        described,
        report_rows,
        cells
    ) }}
    {%- endfor %}
{%- endmacro %}

{#- The view of one table, with its description and those of its columns. -#}
{% macro laid_out_view(view, columns, described, report_rows, cells) -%}
    {#- Earlier versions of Strandline made tables with these names. -#}
    {%- if load_cached_relation(view).is_table %}
    drop table {{ view }};
    {%- endif %}
    create or replace view {{ view }} as
    select
        report_rows.quarter,
        report_rows.force_code,
        report_rows.row_position
        {%- for column in columns %},
        {{ laid_out_column(column) }} as {{ column.column_name }}
        {%- endfor %}
    from {{ report_rows }} as report_rows
    left join {{ cells }} as cells
        using (quarter, force_code, table_name, row_position)
    where report_rows.table_name = '{{ columns[0].table_name }}'
    group by all;
    comment on view {{ view }} is {{ as_text(columns[0].table_description) }};
    {%- for name in ('quarter', 'force_code', 'row_position') %}
    comment on column {{ view }}.{{ name }} is {{ as_text(described[name]) }};
    {%- endfor %}
    {%- for column in columns %}
    comment on column {{ view }}.{{ column.column_name }}
        is {{ as_text(column.column_description or described[column.column_name]) }};
    {%- endfor %}
{%- endmacro %}

{#- A column: the word of a change, a figure with the layout's type, or a text. -#}
{% macro laid_out_column(column) -%}
    {%- set of_column = "filter (where cells.column_name = '" ~ column.column_name ~ "')" -%}
    {%- if column.column_name == 'change_word' -%}
        max(cells.change_word) {{ of_column }}
    {%- elif column.data_type -%}
        cast(max(cells.figure_value) {{ of_column }} as {{ column.data_type }})
    {%- else -%}
        report_rows.{{ column.column_name }}
    {%- endif -%}
{%- endmacro %}

{% macro as_text(text) -%} '{{ text | replace("'", "''") }}' {%- endmacro %}
