{#-
    The rows of `relation` without those that a later version of the same key replaces:
    extraction time decides, then the load, then the line. Few lines are replaced, so
    they are found over the narrow columns alone and taken away from the whole.
-#}
{% macro latest_versions(relation, key) -%}
    select {{ relation }}.*
    from {{ relation }}
    anti join (
        select _load_id, _line
        from {{ relation }}
        qualify row_number() over (
            partition by {{ key }}
            order by _extracted_at desc, _load_id desc, _line desc
        ) > 1
    ) as superseded
        using (_load_id, _line)
{%- endmacro %}

{#-
    The rows of a staged extract as they stand: the last version of each key that keeps
    its contract, without those that a later full extract no longer holds.
-#}
{% macro standing_rows(extract, key) -%}
    select * from (
        select * from {{ ref('stg_force__' ~ extract) }}
        where not is_held
        qualify row_number() over (
            partition by _force_code, {{ key }}
            order by _extracted_at desc, _load_id desc, _line desc
        ) = 1
    )
    where not _is_closing
{%- endmacro %}
