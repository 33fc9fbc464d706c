with

referrals as (
    select * from {{ ref('int_prevent_referrals') }}
    where referral_force_code = force_code
),

results as (
    select * from {{ ref('int_operational_results') }}
),

motivations as (
    select * from {{ ref('int_crime_motivations') }}
),

referral_categories as (
    select
        force_code,
        referral_id,
        month,
        'prevent_source' as breakdown,
        source as category
    from referrals
    union all
    select
        force_code,
        referral_id,
        month,
        'prevent_outcome' as breakdown,
        outcome as category
    from referrals
    union all
    select
        force_code,
        referral_id,
        month,
        'prevent_ideology' as breakdown,
        ideology as category
    from referrals
),

result_categories as (
    select
        *,
        'unit' as breakdown,
        unit_name as category
    from results
    union all
    select
        *,
        'unit_and_drug_class' as breakdown,
        unit_name || ': ' || drug_class as category
    from results
    where drug_class is not null
    union all
    select
        *,
        'unit_and_person_kind' as breakdown,
        unit_name || ': ' || person_kind as category
    from results
    where person_kind is not null
),

together as (
    select
        'prevent_referrals' as extract,
        force_code,
        referral_id as record_id,
        'prevent_referrals' as measure_code,
        month,
        'force' as area_level,
        force_code as area_code,
        breakdown,
        category,
        1 as value
    from referral_categories
    union all
    select
        'operational_results' as extract,
        force_code,
        result_id as record_id,
        measure_code,
        month,
        'force' as area_level,
        force_code as area_code,
        breakdown,
        category,
        quantity as value
    from result_categories
    union all
    select
        'crime_motivations' as extract,
        force_code,
        crime_id as record_id,
        measure_code,
        month,
        'district' as area_level,
        district_code as area_code,
        breakdown,
        motivation as category,
        1 as value
    from motivations
)

select * from together
