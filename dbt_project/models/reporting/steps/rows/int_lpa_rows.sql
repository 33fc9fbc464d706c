-- The local policing areas of a force in the order of a table, the districts without
-- one, and the total.

with

districts as (
    select * from {{ ref('dim_districts') }}
),

lpas as (
    select
        force_code,
        lpa_name
    from districts
    where lpa_name is not null
    union
    select
        force_code,
        null as lpa_name
    from districts
    where force_code is not null
),

placed as (
    select
        force_code,
        lpa_name,
        coalesce(lpa_name, {{ wording("'elsewhere_row'") }}) as lpa,
        'lpa' as area_level,
        coalesce(lpa_name, 'elsewhere') as area_code,
        row_number() over (partition by force_code order by lpa_name nulls last)
            as row_position
    from lpas
),

in_all as (
    select
        force_code,
        null as lpa_name,
        {{ wording("'total_row'") }} as lpa,
        'force' as area_level,
        force_code as area_code,
        max(row_position) + 1 as row_position
    from placed
    group by all
),

together as (
    select * from placed
    union all
    select * from in_all
)

select * from together
