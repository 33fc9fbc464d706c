with

referrals as (
    {{ standing_rows('child_protection_referrals', 'referral_id') }}
),

supplementary_measures as (
    select * from {{ ref('supplementary_measures') }}
),

named as (
    select
        'child_protection_referrals' as extract,
        referrals._force_code as force_code,
        referrals.referral_id as record_id,
        supplementary_measures.measure_code,
        cast(date_trunc('month', referrals.received_date) as date) as month,
        'force' as area_level,
        referrals._force_code as area_code,
        1 as value,
        null as numerator,
        null as denominator
    from referrals
    inner join supplementary_measures
        on referrals.referral_kind = supplementary_measures.source_value
)

select * from named
