with

referrals as (
    select * from {{ ref('int_prevent_referrals') }}
),

of_the_force as (
    select
        force_code,
        'prevent_referrals' as measure_code,
        month,
        'force' as area_level,
        force_code as area_code,
        count(*) as value
    from referrals
    where referral_force_code = force_code
    group by all
),

of_the_region as (
    select
        force_code,
        'prevent_referrals_region' as measure_code,
        month,
        'region' as area_level,
        region_name as area_code,
        count(*) as value
    from referrals
    group by all
),

together as (
    select * from of_the_force
    union all
    select * from of_the_region
),

counted as (
    select
        'prevent_referrals' as extract,
        force_code,
        measure_code,
        month,
        area_level,
        area_code,
        value,
        null as numerator,
        null as denominator
    from together
)

select * from counted
