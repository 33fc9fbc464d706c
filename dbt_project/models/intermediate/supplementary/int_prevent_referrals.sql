with

referrals as (
    {{ standing_rows('prevent_referrals', 'referral_id') }}
),

dated as (
    select
        referral_id,
        _force_code as force_code,
        region_name,
        referral_force_code,
        source,
        outcome,
        ideology,
        cast(date_trunc('month', received_date) as date) as month
    from referrals
)

select * from dated
