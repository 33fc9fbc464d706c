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
        month,
        'prevent_source' as breakdown,
        source as category
    from referrals
    union all
    select
        force_code,
        month,
        'prevent_outcome' as breakdown,
        outcome as category
    from referrals
    union all
    select
        force_code,
        month,
        'prevent_ideology' as breakdown,
        ideology as category
    from referrals
),

together as (
    select
        force_code,
        'prevent_referrals' as measure_code,
        month,
        'force' as area_level,
        force_code as area_code,
        breakdown,
        category,
        1 as quantity
    from referral_categories
    union all
    select
        force_code,
        measure_code,
        month,
        'force' as area_level,
        force_code as area_code,
        'unit' as breakdown,
        unit_name as category,
        quantity
    from results
    union all
    select
        force_code,
        measure_code,
        month,
        'force' as area_level,
        force_code as area_code,
        'unit_and_drug_class' as breakdown,
        unit_name || ': ' || drug_class as category,
        quantity
    from results
    where drug_class is not null
    union all
    select
        force_code,
        measure_code,
        month,
        'force' as area_level,
        force_code as area_code,
        'unit_and_person_kind' as breakdown,
        unit_name || ': ' || person_kind as category,
        quantity
    from results
    where person_kind is not null
    union all
    select
        force_code,
        measure_code,
        month,
        'district' as area_level,
        district_code as area_code,
        breakdown,
        motivation as category,
        1 as quantity
    from motivations
),

summed as (
    select
        force_code,
        measure_code,
        month,
        area_level,
        area_code,
        breakdown,
        category,
        cast(sum(quantity) as decimal(18, 3)) as value
    from together
    group by all
)

select * from summed
