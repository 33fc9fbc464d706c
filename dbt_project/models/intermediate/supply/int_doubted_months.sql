-- Months of which nothing was delivered while the months beside them are full: the
-- nearest with lines, three on each side, or the nearest six where one side has fewer.
-- So are months of the open data that hold a small part of what these hold.

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
        last_extracted_at is null as is_open_data
    from {{ ref('int_supply_spans') }}
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
    where spans.is_open_data or delivered_months.month is null
),

within_spans as (
    select delivered_months.*
    from delivered_months
    inner join spans using (force_code, extract)
    where delivered_months.month between spans.first_month and spans.last_month
),

beside as (
    select
        judged_months.force_code,
        judged_months.extract,
        judged_months.month,
        judged_months.record_count,
        within_spans.record_count as neighbour_count,
        row_number() over (
            partition by
                judged_months.force_code,
                judged_months.extract,
                judged_months.month,
                within_spans.month < judged_months.month
            order by abs(date_diff('month', judged_months.month, within_spans.month))
        ) as place_on_its_side,
        abs(date_diff('month', judged_months.month, within_spans.month)) as distance
    from judged_months
    inner join within_spans
        on judged_months.force_code = within_spans.force_code
        and judged_months.extract = within_spans.extract
        and judged_months.month <> within_spans.month
),

-- Both sides have three: these. Else the farther ones of the other side move up.
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
