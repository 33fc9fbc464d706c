-- The extracts to name on the report's first page: how many deliveries that were
-- expected between a quarter's cut-off and the one before had not arrived, and how many
-- of these are on hold. A delivery is expected one cadence after the previous one; a
-- monthly one a calendar month later, because months differ in length. Deliveries of a
-- month that a person has confirmed as complete are not missing.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

deliveries as (
    select * from {{ ref('int_deliveries') }}
),

calendar as (
    select * from {{ ref('reporting_calendar') }}
),

confirmed as (
    select * from {{ ref('supply_confirmed') }}
    where measure_code is null
),

held_deliveries as (
    select distinct
        force_code,
        extract,
        cast(extracted_at as date) as held_date
    from {{ ref('fct_loads') }}
    where file_status = 'held'
),

cut_offs as (
    select
        *,
        lag(cut_off_date) over (partition by force_code order by cut_off_date)
            as previous_cut_off_date
    from calendar
),

known as (
    select
        cut_offs.force_code,
        cut_offs.quarter,
        cut_offs.previous_cut_off_date,
        cut_offs.cut_off_date,
        deliveries.extract,
        deliveries.cadence_days,
        cast(deliveries.extracted_at as date) as delivered_date,
        case
            when cast(deliveries.next_extracted_at as date) <= cut_offs.cut_off_date
                then cast(deliveries.next_extracted_at as date)
        end as next_date
    from cut_offs
    inner join deliveries
        on cut_offs.force_code = deliveries.force_code
        and cast(deliveries.extracted_at as date) <= cut_offs.cut_off_date
),

-- The number of deliveries missing between two others is the distance, in cadences,
-- rounded, less one.
stepped as (
    select
        *,
        unnest(generate_series(
            1,
            cast(
                case
                    when next_date is null
                        then (cut_off_date - delivered_date) // least(cadence_days, 28)
                    else round((next_date - delivered_date) / cadence_days) - 1
                end as bigint
            )
        )) as step
    from known
),

expected as (
    select
        force_code,
        quarter,
        extract,
        cut_off_date,
        previous_cut_off_date,
        delivered_date,
        cast(
            case
                when cadence_days between 28 and 31
                    then delivered_date + to_months(cast(step as integer))
                else delivered_date + to_days(cast(step * cadence_days as integer))
            end as date
        ) as expected_date
    from stepped
),

missing as (
    select
        expected.force_code,
        expected.quarter,
        expected.extract,
        expected.expected_date,
        expected.delivered_date,
        expected.cut_off_date
    from expected
    anti join confirmed
        on expected.force_code = confirmed.force_code
        and expected.extract = confirmed.extract
        and date_trunc('month', expected.expected_date)
        between confirmed.first_month and confirmed.last_month
    where
        expected.expected_date <= expected.cut_off_date
        and (
            expected.previous_cut_off_date is null
            or expected.expected_date > expected.previous_cut_off_date
        )
),

counted as (
    select
        reports.quarter,
        reports.force_code,
        missing.extract,
        count(*) as missing_count,
        min(missing.expected_date) as first_expected_date,
        max(missing.expected_date) as last_expected_date,
        min(missing.delivered_date) as first_delivered_date,
        max(missing.delivered_date) as last_delivered_date,
        missing.cut_off_date
    from reports
    inner join missing using (quarter, force_code)
    group by all
),

with_held as (
    select
        counted.*,
        count(held_deliveries.held_date) as held_count,
        min(held_deliveries.held_date) as first_held_date,
        max(held_deliveries.held_date) as last_held_date
    from counted
    left join held_deliveries
        on counted.force_code = held_deliveries.force_code
        and counted.extract = held_deliveries.extract
        and held_deliveries.held_date
        between counted.first_delivered_date and counted.cut_off_date
    group by all
),

chosen as (
    select
        quarter,
        force_code,
        extract,
        missing_count,
        first_expected_date,
        last_expected_date,
        last_delivered_date,
        cut_off_date,
        held_count,
        first_held_date,
        last_held_date
    from with_held
)

select * from chosen
