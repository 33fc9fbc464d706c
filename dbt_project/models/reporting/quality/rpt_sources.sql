-- What each extract of a force has delivered, what became of its lines, and which
-- months a person has confirmed.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

loads as (
    select * from {{ ref('fct_loads') }}
),

unknown_values as (
    select
        force_code,
        extract,
        cast(sum(counted_line_count) as bigint) as unlisted_value_count
    from {{ ref('fct_unknown_values') }}
    group by all
),

measures as (
    select * from {{ ref('dim_measures') }}
),

supply_confirmed as (
    select * from {{ ref('supply_confirmed') }}
),

confirmed as (
    select
        reports.quarter,
        reports.force_code,
        supply_confirmed.extract,
        list(
            struct_pack(
                measure_name := measures.measure_name,
                first_month := supply_confirmed.first_month,
                last_month := least(
                    supply_confirmed.last_month,
                    cast(date_trunc('month', reports.quarter_end_date) as date)
                ),
                confirmation := supply_confirmed.confirmation
            ) order by supply_confirmed.first_month, measures.measure_position
        ) as confirmations
    from reports
    inner join supply_confirmed
        on reports.force_code = supply_confirmed.force_code
        and reports.quarter_end_date >= supply_confirmed.first_month
    left join measures on supply_confirmed.measure_code = measures.measure_code
    group by all
),

counted as (
    select
        force_code,
        extract,
        count(*) filter (where file_status = 'loaded') as file_count,
        count(*) filter (where file_status = 'held') as file_on_hold_count,
        min(extracted_at) filter (where file_status = 'loaded') as first_extracted_at,
        max(extracted_at) filter (where file_status = 'loaded') as last_extracted_at,
        cast(
            coalesce(sum(lines_delivered) filter (where file_status = 'loaded'), 0)
            as bigint
        ) as lines_delivered,
        cast(
            coalesce(sum(lines_quarantined) filter (where file_status = 'loaded'), 0)
            as bigint
        ) as lines_quarantined,
        cast(
            coalesce(sum(lines_unreadable) filter (where file_status = 'loaded'), 0)
            as bigint
        ) as lines_unreadable
    from loads
    group by all
),

of_reports as (
    select
        reports.quarter,
        reports.force_code,
        row_number() over (
            partition by reports.quarter, reports.force_code
            order by counted.extract
        ) as row_position,
        counted.extract,
        counted.file_count,
        counted.file_on_hold_count,
        counted.first_extracted_at,
        counted.last_extracted_at,
        counted.lines_delivered,
        counted.lines_quarantined,
        counted.lines_unreadable,
        coalesce(unknown_values.unlisted_value_count, 0) as unlisted_value_count,
        confirmed.confirmations
    from reports
    inner join counted on reports.force_code = counted.force_code
    left join unknown_values
        on counted.force_code = unknown_values.force_code
        and counted.extract = unknown_values.extract
    left join confirmed
        on reports.quarter = confirmed.quarter
        and reports.force_code = confirmed.force_code
        and counted.extract = confirmed.extract
)

select * from of_reports
