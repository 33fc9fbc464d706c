{#-
    Models that take the lines of new loads alone (materialized: incremental). Raw only
    grows at its end: a file that comes late has the later ones read again, under new
    loads (dagster_project/sources/extracts.py). So such a model reads loads up to the
    last one, remembers which, and is built whole again as soon as anything but new loads
    has come between: other code or seeds, a load that is gone, one that was extracted
    before those already read, or a model upstream that was built whole.

    `intermediate.incremental_builds` has a row for each build since the model was last
    built whole, written in the transaction that changes its table: the last load, and
    all loads up to it in one hash. `build_number` counts the whole builds of all models.
    Publishing finds there how far it has come (dagster_project/publishing.py).
-#}
{% macro incremental_builds() -%} intermediate.incremental_builds {%- endmacro %}

{#- Whether the table is there, in the shape that this code gives it. -#}
{% macro builds_are_remembered() -%}
    {%- set found = run_query("
        select string_agg(column_name, ', ' order by column_index)
        from duckdb_columns()
        where
            database_name = '" ~ this.database ~ "'
            and schema_name || '.' || table_name = '" ~ incremental_builds() ~ "'
    ") -%}
    {{ return(found.rows[0][0]
        == 'model_name, code_sha256, last_load_id, loads_read, build_number') }}
{%- endmacro %}

{% macro create_incremental_builds() -%}
    create or replace table {{ incremental_builds() }} (
        model_name varchar not null,
        code_sha256 varchar not null,
        last_load_id bigint not null,
        loads_read varchar not null,
        build_number bigint not null
    )
{%- endmacro %}

{#- Loads have new times when they are read again. -#}
{% macro loads_up_to(last_load_id) -%}
    (
        select coalesce(
            md5(string_agg(concat_ws(' ', load_id, loaded_at), ',' order by load_id)), ''
        )
        from {{ source('raw', 'loads') }}
        where status = 'loaded' and load_id <= {{ last_load_id }}
    )
{%- endmacro %}

{#- The incremental models upstream of a node, by name. -#}
{% macro incremental_ancestors(node) -%}
    {%- set found = [] -%}
    {%- for parent_id in node.depends_on.nodes if parent_id in graph.nodes -%}
        {%- set parent = graph.nodes[parent_id] -%}
        {%- if parent.config.materialized == 'incremental' -%}
            {%- do found.append(parent.name) -%}
        {%- endif -%}
        {%- do found.extend(incremental_ancestors(parent)) -%}
    {%- endfor -%}
    {{ return(found | unique | list) }}
{%- endmacro %}

{#-
    Which loads this build of the model reads: after `after` (none: all, the table is made
    anew) and up to `last` (none: to the end of raw). A model never reads further than
    those before it have, whichever of them dbt was told to build.
-#}
{% macro loads_to_read() -%}
    {%- set everything = {'after': none, 'last': none} -%}
    {%- if not execute or model.resource_type != 'model' or not builds_are_remembered() -%}
        {{ return(everything) }}
    {%- endif -%}
    {%- set found = run_query("
        with
        loads as (
            select * from " ~ source('raw', 'loads') ~ " where status = 'loaded'
        ),
        builds as (
            select * from " ~ incremental_builds() ~ "
            qualify last_load_id = max(last_load_id) over (partition by model_name)
        ),
        before as (
            select min(last_load_id) as last_load_id, max(build_number) as build_number
            from builds
            where model_name in ('" ~ incremental_ancestors(model) | join("', '") ~ "')
        ),
        mine as (
            select * from builds
            where
                model_name = '" ~ model.name ~ "'
                and code_sha256 = getvariable('code_sha256')
                and loads_read = " ~ loads_up_to('builds.last_load_id') ~ "
                and build_number > coalesce((select build_number from before), 0)
                and not exists (
                    select 1
                    from loads as later
                    inner join loads as earlier using (extract, force_code)
                    where
                        later.load_id > builds.last_load_id
                        and earlier.load_id <= builds.last_load_id
                        and later.extracted_at < earlier.extracted_at
                )
        )
        select
            (select last_load_id from mine),
            (
                select last_load_id from before
                where last_load_id < (select max(load_id) from loads)
            )
    ") -%}
    {%- set after, last = found.rows[0].values() -%}
    {{ return({'after': after if is_incremental() else none, 'last': last}) }}
{%- endmacro %}

{#- The condition on a column of load ids by which a model reads what it has to. -#}
{% macro is_to_be_read(load_id) -%}
    {%- set loads = loads_to_read() -%}
    {%- set conditions = [] -%}
    {%- if loads.after is not none -%}
        {%- do conditions.append(load_id ~ ' > ' ~ loads.after) -%}
    {%- endif -%}
    {%- if loads.last is not none -%}
        {%- do conditions.append(load_id ~ ' <= ' ~ loads.last) -%}
    {%- endif -%}
    {{ conditions | join(' and ') if conditions else 'true' }}
{%- endmacro %}

{#- A hook: the rows that are to be made anew, by the key of what is to be read. -#}
{% macro delete_changed(key, relation, load_id) -%}
    {%- if loads_to_read().after is not none -%}
        delete from {{ this }} where {{ key }} in (
            select {{ key }} from {{ relation }} where {{ is_to_be_read(load_id) }}
        )
    {%- endif -%}
{%- endmacro %}

{#- In the transaction that has changed the table. -#}
{% macro remember_build(loads) -%}
    {%- if not builds_are_remembered() -%}
        {%- do run_query(create_incremental_builds()) -%}
    {%- endif -%}
    {%- set last_load_id -%}
        {%- if loads.last is not none -%} {{ loads.last }}
        {%- else -%}
            (
                select coalesce(max(load_id), 0) from {{ source('raw', 'loads') }}
                where status = 'loaded'
            )
        {%- endif -%}
    {%- endset -%}
    {%- if loads.after is none -%}
        {%- do run_query(
            'delete from ' ~ incremental_builds() ~ " where model_name = '" ~ model.name ~ "'"
        ) -%}
    {%- endif %}
    insert into {{ incremental_builds() }}
    select
        '{{ model.name }}',
        getvariable('code_sha256'),
        {{ last_load_id }} as last_load_id,
        {{ loads_up_to(last_load_id) }},
    {%- if loads.after is none %}
        coalesce(max(build_number), 0) + 1
    from {{ incremental_builds() }}
    {%- else %}
        max(build_number)
    from {{ incremental_builds() }}
    where model_name = '{{ model.name }}'
    having max(last_load_id) < {{ last_load_id }}
    {%- endif %}
{%- endmacro %}
