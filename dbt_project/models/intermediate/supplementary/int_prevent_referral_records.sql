with

referrals as (
    select * from {{ ref('int_prevent_referrals') }}
),

of_the_force as (
    select
        force_code,
        referral_id as record_id,
        'prevent_referrals' as measure_code,
        month,
        'force' as area_level,
        force_code as area_code
    from referrals
    where referral_force_code = force_code
),

of_the_region as (
    select
        force_code,
        referral_id as record_id,
        'prevent_referrals_region' as measure_code,
        month,
        'region' as area_level,
        region_name as area_code
    from referrals
),

together as (
    select * from of_the_force
    union all
    select * from of_the_region
),

named as (
    select
        'prevent_referrals' as extract,
        force_code,
        record_id,
        measure_code,
        month,
        area_level,
        area_code,
        1 as value,
        null as numerator,
        null as denominator
    from together
)

select * from named
