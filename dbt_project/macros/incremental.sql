{#-
    Incremental models add the lines of new loads to their tables. That is only right if
    code, seeds and configuration have not changed and the loads that were read before
    are still there. So each build stores these (dagster_project/transform/builds.py
    sets the variable `build` of each connection). If one of them has changed, the daily
    run passes `--full-refresh`, and a dbt command without it is refused.

    Seeds and views are made again only after such a change too, so each build also
    stores whether all of them are there.
-#}
{% macro builds() -%} intermediate.builds {%- endmacro %}

{#- Whether a load came after the last build. -#}
{% macro is_new_load(load_id) -%}
    {%- if is_incremental() -%}
        {{ load_id }} > getvariable('build').built_up_to
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{#- Whether a CTE that is read twice is kept: all rows of a great table would fill memory. -#}
{% macro kept_if_few() -%}
    {{ 'materialized' if is_incremental() else 'not materialized' }}
{%- endmacro %}

{#- All rows of the keys that came after the last build, in the order of `relation`. -#}
{% macro rows_of_changed_keys(relation, key, load_id) -%}
    select * from {{ relation }}
    {%- if is_incremental() %}
    where {{ key }} in (
        select {{ key }} from {{ relation }} where {{ is_new_load(load_id) }}
    )
    {%- endif -%}
{%- endmacro %}

{#- A hook that removes the rows whose key is in new loads, which write them again. -#}
{% macro delete_changed(key, relation, load_id) -%}
    {%- if is_incremental() -%}
        delete from {{ this }} where {{ key }} in (
            select {{ key }} from {{ relation }} where {{ is_new_load(load_id) }}
        )
    {%- endif -%}
{%- endmacro %}

{#-
    A hook that removes the rows of new loads, which an unfinished build has written.
-#}
{% macro delete_new_loads(load_id='load_id') -%}
    {%- if is_incremental() -%}
        delete from {{ this }} where {{ is_new_load(load_id) }}
    {%- endif -%}
{%- endmacro %}

{#- The incremental models among `unique_ids`; all of them if it is none. -#}
{% macro incremental_models(unique_ids=none) -%}
    {%- set every = graph.nodes.values()
        | selectattr('config.materialized', 'equalto', 'incremental')
        | map(attribute='unique_id') | list -%}
    {{ return(every if unique_ids is none else every | select('in', unique_ids) | list) }}
{%- endmacro %}

{#-
    on-run-start: stops if the incremental models may not be added to. A command that
    makes other nodes of a changed project leaves a mixture, so it deletes the record of
    the last build.
-#}
{% macro begin_build() -%}
    {%- if not execute or flags.WHICH not in ('build', 'run', 'seed') -%}
        {{ return('') }}
    {%- endif -%}
    {%- set chosen = incremental_models(selected_resources) -%}
    {%- if chosen and flags.FULL_REFRESH -%}
        create schema if not exists intermediate;
        create or replace table {{ builds() }} (
            build_id uuid not null,
            code_sha256 varchar not null,
            last_load_id bigint not null,
            loads_read varchar not null,
            has_all_seeds_and_views boolean not null
        )
    {%- else -%}
        {%- set build = run_query("
            select
                getvariable('build').full_refresh_reason,
                getvariable('build').built_up_to < getvariable('build').last_load_id
        ").rows[0] -%}
        {%- if chosen and build[0] is not none -%}
            {%- do exceptions.raise_compiler_error(
                'The incremental models cannot be added to: ' ~ build[0]
                ~ '. Build them in full: dbt build --full-refresh (make report decides'
                ~ ' this itself).'
            ) -%}
        {%- elif chosen and build[1] and chosen != incremental_models() -%}
            {%- do exceptions.raise_compiler_error(
                'New deliveries were loaded after the last build, and the incremental'
                ~ ' models read them together. Select all of these models or none, for'
                ~ ' example: dbt build.'
            ) -%}
        {%- elif build[0] is not none -%}
            drop table if exists {{ builds() }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#- on-run-end: stores what the incremental models were built from. -#}
{% macro remember_build(results) -%}
    {%- set built = results | selectattr('status', 'equalto', 'success')
        | map(attribute='node.unique_id') | list -%}
    {%- if execute and flags.WHICH in ('build', 'run')
        and incremental_models(built) == incremental_models() -%}
        {#- With the tables: without them, the views of the layout are not made. -#}
        {%- set made_all = graph.nodes.values()
            | selectattr('resource_type', 'in', ('seed', 'model'))
            | selectattr('config.materialized', 'in', ('seed', 'view', 'table'))
            | map(attribute='unique_id') | reject('in', built) | list | length == 0 -%}
        {%- if flags.FULL_REFRESH -%}
            insert into {{ builds() }}
            select
                gen_random_uuid(),
                build.code_sha256,
                build.last_load_id,
                build.loads_read,
                {{ made_all }}
            from (select getvariable('build') as build)
        {%- else -%}
            update {{ builds() }} set
                last_load_id = getvariable('build').last_load_id,
                loads_read = getvariable('build').loads_read,
                has_all_seeds_and_views = has_all_seeds_and_views or {{ made_all }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
