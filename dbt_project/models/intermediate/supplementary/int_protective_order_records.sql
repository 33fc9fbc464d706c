-- A protection order (DVPO) converts its notice (DVPN). It counts in the month of the
-- notice, and each notice counts once.

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
        orders.order_id as record_id,
        supplementary_measures.measure_code,
        cast(date_trunc('month', orders.issued_date) as date) as month,
        1 as value,
        null as numerator,
        null as denominator
    from orders
    inner join supplementary_measures
        on orders.order_kind = supplementary_measures.source_value
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
        orders.order_id as record_id,
        'dvpn_to_dvpo' as measure_code,
        cast(date_trunc('month', orders.issued_date) as date) as month,
        null as value,
        cast(followed.notice_id is not null as integer) as numerator,
        1 as denominator
    from orders
    left join followed
        on orders._force_code = followed._force_code
        and orders.order_id = followed.notice_id
    where orders.order_kind = 'DVPN'
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
        record_id,
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
