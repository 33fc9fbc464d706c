-- An order converts its notice, in the notice's month: a notice counts once.

with

orders as (
    {{ standing_rows('protective_orders', 'order_id') }}
),

supplementary_measures as (
    select * from {{ ref('supplementary_measures') }}
),

issued as (
    select
        orders._force_code as force_code,
        supplementary_measures.measure_code,
        cast(date_trunc('month', orders.issued_date) as date) as month,
        count(*) as value,
        null as numerator,
        null as denominator
    from orders
    inner join supplementary_measures
        on orders.order_kind = supplementary_measures.source_value
    group by all
),

followed as (
    select distinct
        _force_code,
        notice_id
    from orders
    where order_kind = 'DVPO'
),

converted as (
    select
        orders._force_code as force_code,
        'dvpn_to_dvpo' as measure_code,
        cast(date_trunc('month', orders.issued_date) as date) as month,
        null as value,
        count(followed.notice_id) as numerator,
        count(*) as denominator
    from orders
    left join followed
        on orders._force_code = followed._force_code
        and orders.order_id = followed.notice_id
    where orders.order_kind = 'DVPN'
    group by all
),

together as (
    select * from issued
    union all
    select * from converted
),

placed as (
    select
        'protective_orders' as extract,
        force_code,
        measure_code,
        month,
        'force' as area_level,
        force_code as area_code,
        value,
        numerator,
        denominator
    from together
)

select * from placed
