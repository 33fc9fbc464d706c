with

forces as (
    select * from {{ ref('forces') }}
),

named as (
    select
        force_code,
        force_name,
        force_area_code,
        force_area_name
    from forces
)

select * from named
