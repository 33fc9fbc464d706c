-- Months of which nothing was delivered while the months beside them are full: the
-- nearest with lines, three on each side, or the nearest six where one side has fewer.

with

delivered_months as (
    select * from {{ ref('int_delivered_months') }}
),

spans as (
    select
        force_code,
        extract,
        first_month,
        last_month
    from {{ ref('int_supply_spans') }}
),

months as (
    select distinct month_start_date as month
    from {{ ref('dim_dates') }}
),

empty_months as (
    select
        spans.force_code,
        spans.extract,
        months.month
    from spans
    inner join months
        on months.month between spans.first_month and spans.last_month
    anti join delivered_months
        on spans.force_code = delivered_months.force_code
        and spans.extract = delivered_months.extract
        and months.month = delivered_months.month
),

within_spans as (
    select delivered_months.*
    from delivered_months
    inner join spans using (force_code, extract)
    where delivered_months.month between spans.first_month and spans.last_month
),

beside as (
    select
        empty_months.force_code,
        empty_months.extract,
        empty_months.month,
        within_spans.record_count,
        row_number() over (
            partition by
                empty_months.force_code,
                empty_months.extract,
                empty_months.month,
                within_spans.month < empty_months.month
            order by abs(date_diff('month', empty_months.month, within_spans.month))
        ) as place_on_its_side,
        abs(date_diff('month', empty_months.month, within_spans.month)) as distance
    from empty_months
    inner join within_spans using (force_code, extract)
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
        median(record_count) as neighbours_count
    from nearest
    group by all
    having neighbours_count >= {{ supply_rule('doubted_from') }}
)

select * from doubted
