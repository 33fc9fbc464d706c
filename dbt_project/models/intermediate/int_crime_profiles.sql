with

crimes as (
    select * from {{ ref('fct_crimes') }}
),

rules as (
    select * from {{ ref('measure_rules') }}
),

measures as (
    select * from {{ ref('measures') }}
    where source_extract = 'crimes'
),

matched as (
    {{ measures_of_profiles('crimes') }}
)

select * from matched
