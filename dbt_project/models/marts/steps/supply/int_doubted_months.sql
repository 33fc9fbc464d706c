-- Months with few or no records in comparison with their neighbours: the nearest three
-- months with records on each side, or the nearest six if one side has fewer. Months of
-- a gap, and an incomplete last month, are not neighbours.

with

delivered_months as (
    select * from {{ ref('int_delivered_months') }}
),

spans as (
    select
        force_code,
        extract,
        first_month,
        last_month,
        last_extracted_at
    from {{ ref('int_supply_spans') }}
),

gaps as (
    select * from {{ ref('int_delivery_gaps') }}
),

months as (
    select distinct month_start_date as month
    from {{ ref('dim_dates') }}
),

judged_months as (
    select
        spans.force_code,
        spans.extract,
        months.month,
        coalesce(delivered_months.record_count, 0) as record_count
    from spans
    inner join months
        on months.month between spans.first_month and spans.last_month
    left join delivered_months
        on spans.force_code = delivered_months.force_code
        and spans.extract = delivered_months.extract
        and months.month = delivered_months.month
),

full_months as (
    select delivered_months.*
    from delivered_months
    inner join spans using (force_code, extract)
    anti join gaps
        on delivered_months.force_code = gaps.force_code
        and delivered_months.extract = gaps.extract
        and delivered_months.month between gaps.first_month and gaps.last_month
    where
        delivered_months.month between spans.first_month and spans.last_month
        and (
            last_day(delivered_months.month) < cast(spans.last_extracted_at as date)
        ) is not false
),

beside as (
    select
        judged_months.force_code,
        judged_months.extract,
        judged_months.month,
        judged_months.record_count,
        full_months.record_count as neighbour_count,
        row_number() over (
            partition by
                judged_months.force_code,
                judged_months.extract,
                judged_months.month,
                full_months.month < judged_months.month
            order by abs(date_diff('month', judged_months.month, full_months.month))
        ) as place_on_its_side,
        abs(date_diff('month', judged_months.month, full_months.month)) as distance
    from judged_months
    inner join full_months
        on judged_months.force_code = full_months.force_code
        and judged_months.extract = full_months.extract
        and judged_months.month <> full_months.month
),

-- Three neighbours on each side come first. If one side has fewer, more distant ones of
-- the other side follow.
ranked as (
    select
        *,
        row_number() over (
            partition by force_code, extract, month
            order by
                place_on_its_side > {{ supply_rule('neighbour_months') }},
                distance
        ) as place
    from beside
),

nearest as (
    select * from ranked
    where place <= 2 * {{ supply_rule('neighbour_months') }}
),

doubted as (
    select
        force_code,
        extract,
        month,
        record_count,
        median(neighbour_count) as neighbours_count
    from nearest
    group by all
    having
        neighbours_count >= {{ supply_rule('doubted_from') }}
        and record_count < neighbours_count * {{ supply_rule('thin_share') }}
)

select * from doubted
