with

offences as (
    select * from {{ ref('offences') }}
),

named as (
    select
        offence_code,
        offence_description,
        offence_subgroup,
        offence_group,
        police_uk_crime_type
    from offences
)

select * from named
