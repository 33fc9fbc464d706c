with

months as (
    select * from {{ ref('int_table_months') }}
    where table_name = 'protective_orders'
),

by_force as (
    select * from {{ ref('int_supplementary_by_force') }}
),

side_by_side as (
    select
        months.quarter,
        months.force_code,
        months.month_key,
        max(by_force.value) filter (where by_force.measure_code = 'dvpn') as notices,
        max(by_force.value) filter (where by_force.measure_code = 'dvpo') as orders,
        max(by_force.value) filter (where by_force.measure_code = 'dvpn_and_dvpo')
            as notices_and_orders,
        max(by_force.numerator) filter (where by_force.measure_code = 'dvpn_to_dvpo')
            as numerator,
        max(by_force.denominator) filter (where by_force.measure_code = 'dvpn_to_dvpo')
            as denominator
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
        cast(notices as bigint) as notices,
        cast(orders as bigint) as orders,
        cast(notices_and_orders as bigint) as notices_and_orders,
        cast(numerator as bigint) as numerator,
        cast(denominator as bigint) as denominator,
        {{ percentage('numerator', 'denominator') }} as share_pct,
        {{ status('notices is not null') }} as status
    from side_by_side
)

select * from numbered
