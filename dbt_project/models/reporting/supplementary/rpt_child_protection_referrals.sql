with

months as (
    select * from {{ ref('int_table_months') }}
    where table_name = 'child_protection_referrals'
),

by_force as (
    select * from {{ ref('int_supplementary_by_force') }}
),

side_by_side as (
    select
        months.quarter,
        months.force_code,
        months.month_key,
        max(by_force.value) filter (where by_force.measure_code = 'ceop_referrals')
            as ceop_referrals,
        max(by_force.value) filter (
            where by_force.measure_code = 'technology_based_investigations'
        ) as technology_based_investigations
    from months
    left join by_force using (force_code, month)
    group by all
),

numbered as (
    select
        quarter,
        force_code,
        row_number() over (
            partition by quarter, force_code order by month_key
        ) as row_position,
        month_key as month,
        cast(ceop_referrals as bigint) as ceop_referrals,
        cast(technology_based_investigations as bigint)
            as technology_based_investigations,
        {{ status('ceop_referrals is not null') }} as status
    from side_by_side
)

select * from numbered
