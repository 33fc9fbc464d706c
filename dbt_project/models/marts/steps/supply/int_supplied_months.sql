{{ config(materialized='table') }}

-- Whether each extract has each month of a force completely, and if not, the first
-- reason that applies. A month that a person has confirmed is always supplied.
--
-- A month is doubted if it has few or no records in comparison with its neighbours: the
-- nearest three months with records on each side, or the nearest six if one side has
-- fewer. Months of a gap, and an incomplete last month, are not neighbours.

with

spans as (
    select * from {{ ref('int_supply_spans') }}
),

gaps as (
    select * from {{ ref('int_delivery_gaps') }}
),

delivered_months as (
    select * from {{ ref('int_delivered_months') }}
),

files as (
    select distinct
        force_code,
        extract,
        month
    from {{ ref('stg_register__loads') }}
    where status = 'loaded' and month is not null
),

confirmed as (
    select * from {{ ref('supply_confirmed') }}
    where measure_code is null
),

dependencies as (
    select * from {{ ref('supply_dependencies') }}
),

months as (
    select distinct
        month_start_date as month,
        month_end_date
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

doubted_months as (
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
),

spine as (
    select
        spans.*,
        months.month,
        months.month_end_date
    from spans
    inner join months
        on months.month between spans.first_listed_month and spans.last_listed_month
),

gap_months as (
    select distinct
        spine.force_code,
        spine.extract,
        spine.month
    from spine
    inner join gaps
        on spine.force_code = gaps.force_code
        and spine.extract = gaps.extract
        and spine.month between gaps.first_month and gaps.last_month
),

confirmed_months as (
    select distinct
        spine.force_code,
        spine.extract,
        spine.month
    from spine
    inner join confirmed
        on spine.force_code = confirmed.force_code
        and spine.extract = confirmed.extract
        and spine.month between confirmed.first_month and confirmed.last_month
),

judged as (
    select
        spine.extract,
        spine.force_code,
        spine.month,
        case
            when confirmed_months.month is not null then null
            when spine.first_month is null or spine.month < spine.first_month
                then 'before_start'
            when
                spine.last_extracted_at is not null
                and spine.month_end_date >= cast(spine.last_extracted_at as date)
                then 'after_last'
            when spine.last_extracted_at is null and files.month is null then 'no_file'
            when doubted_months.record_count = 0 then 'no_record'
            when gap_months.month is not null then 'gap'
            when doubted_months.record_count > 0 then 'few_records'
        end as reason_code
    from spine
    left join files using (force_code, extract, month)
    left join gap_months using (force_code, extract, month)
    left join doubted_months using (force_code, extract, month)
    left join confirmed_months using (force_code, extract, month)
),

-- An extract that counts with another extract's crimes needs the same month of that
-- one.
with_needs as (
    select
        judged.extract,
        judged.force_code,
        judged.month,
        case
            when judged.reason_code is not null then judged.reason_code
            when
                dependencies.needs_extract is not null
                and (needed.month is null or needed.reason_code is not null)
                then 'needs_other'
        end as reason_code
    from judged
    left join dependencies on judged.extract = dependencies.extract
    left join judged as needed
        on dependencies.needs_extract = needed.extract
        and judged.force_code = needed.force_code
        and judged.month = needed.month
),

decided as (
    select
        extract,
        force_code,
        month,
        reason_code,
        reason_code is null as is_supplied
    from with_needs
)

select * from decided
