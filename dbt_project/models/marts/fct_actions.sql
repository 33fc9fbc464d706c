with

versions as (
    select * from {{ ref('fct_action_versions') }}
),

now_valid as (
    select * exclude (version_number, is_current, valid_to)
    from versions
    where is_current
)

select * from now_valid
