{#-
    The latest version of each key in `relation`: the row with the latest extraction
    time, then the highest load, then the highest line. Few rows are replaced, so it is
    fastest to find these with the columns of the key alone, and to remove them.
-#}
{% macro latest_versions(relation, key) -%}
    select {{ relation }}.*
    from {{ relation }}
    anti join (
        select _load_id, _line
        from (
            select
                _load_id,
                _line,
                row_number() over (
                    partition by {{ key }}
                    order by _extracted_at desc, _load_id desc, _line desc
                ) as version_position
            from {{ relation }}
        )
        where version_position > 1
    ) as superseded
        using (_load_id, _line)
{%- endmacro %}

{#-
    The current rows of a staged extract: the latest version of each key that keeps its
    contract, without the keys that a later full extract no longer contains.
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
