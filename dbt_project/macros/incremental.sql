{#-
    Incremental models add the lines of new loads to their tables. That is right while
    code, seeds and configuration are the same and the loads that were read before are
    still there, so a build remembers all of these
    (dagster_project/transform/builds.py, which gives each connection the variable
    `build`). The daily run passes `--full-refresh` if one of them has changed. A dbt
    command without it is refused then.
-#}
{% macro builds() -%} intermediate.builds {%- endmacro %}

{#- The condition on a column of load ids: the loads that came after the last build. -#}
{% macro is_new_load(load_id) -%}
    {%- if is_incremental() -%}
        {{ load_id }} > getvariable('build').built_up_to
    {%- else -%}
        true
    {%- endif -%}
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

{#- A hook: removes the rows that new loads write again, by a key. -#}
{% macro delete_changed(key, relation, load_id) -%}
    {%- if is_incremental() -%}
        delete from {{ this }} where {{ key }} in (
            select {{ key }} from {{ relation }} where {{ is_new_load(load_id) }}
        )
    {%- endif -%}
{%- endmacro %}

{#- A hook: removes what a build wrote that did not come to its end. -#}
{% macro delete_new_loads() -%}
    {%- if is_incremental() -%}
        delete from {{ this }} where {{ is_new_load('load_id') }}
    {%- endif -%}
{%- endmacro %}

{#- The incremental models among these nodes, or all of them. -#}
{% macro incremental_models(unique_ids=none) -%}
    {%- set every = graph.nodes.values()
        | selectattr('config.materialized', 'equalto', 'incremental')
        | map(attribute='unique_id') | list -%}
    {{ return(every if unique_ids is none else every | select('in', unique_ids) | list) }}
{%- endmacro %}

{#- on-run-start -#}
{% macro refuse_mixed_builds() -%}
    {%- if not execute or flags.WHICH not in ('build', 'run') -%} {{ return('') }} {%- endif -%}
    {%- set chosen = incremental_models(selected_resources) -%}
    {%- if not chosen -%} {{ return('') }} {%- endif -%}
    {%- if flags.FULL_REFRESH -%}
        create schema if not exists intermediate;
        create or replace table {{ builds() }} (
            build_id uuid not null,
            code_sha256 varchar not null,
            last_load_id bigint not null,
            loads_read varchar not null
        )
    {%- else -%}
        {%- set build = run_query("
            select
                getvariable('build').full_refresh_reason,
                getvariable('build').built_up_to < getvariable('build').last_load_id
        ").rows[0] -%}
        {%- if build[0] is not none -%}
            {%- do exceptions.raise_compiler_error(
                'The incremental models cannot be added to: ' ~ build[0]
                ~ '. Build them in full: dbt build --full-refresh (make report decides'
                ~ ' this itself).'
            ) -%}
        {%- elif build[1] and chosen != incremental_models() -%}
            {%- do exceptions.raise_compiler_error(
                'New deliveries were loaded after the last build, and the incremental'
                ~ ' models read them together. Select all of these models or none, for'
                ~ ' example: dbt build.'
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#- on-run-end -#}
{% macro remember_build(results) -%}
    {%- set built = results | selectattr('status', 'equalto', 'success')
        | map(attribute='node.unique_id') | list -%}
    {%- if execute and flags.WHICH in ('build', 'run')
        and incremental_models(built) == incremental_models() -%}
        {%- if flags.FULL_REFRESH -%}
            insert into {{ builds() }}
            select
                gen_random_uuid(),
                build.code_sha256,
                build.last_load_id,
                build.loads_read
            from (select getvariable('build') as build)
        {%- else -%}
            update {{ builds() }} set
                last_load_id = getvariable('build').last_load_id,
                loads_read = getvariable('build').loads_read
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
