with

crimes as (
    select * from {{ ref('int_latest_crimes') }}
),

offences as (
    select * from {{ ref('offences') }}
),

outcomes as (
    select * from {{ ref('outcomes') }}
),

districts as (
    select * from {{ ref('districts') }}
),

described as (
    {{ described_crimes('crimes') }}
)

select * from described
