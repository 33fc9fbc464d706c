-- Why months of a report's charts are not available: one note for each run of months
-- with one reason. Months between two deliveries are missing, but for a gap before a
-- cut-off: rpt_missing_deliveries has it day by day.

with

cut_offs as (
    select
        quarter,
        force_code,
        cut_off_date,
        latest_extracted_at
    from {{ ref('dim_reports') }}
),

extracts as (
    select * from {{ ref('extracts') }}
),

report_months as (
    select
        quarter,
        force_code,
        month
    from {{ ref('int_report_months') }}
),

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
    where not is_supplied
),

gaps as (
    select * from {{ ref('int_delivery_gaps') }}
),

spans as (
    select * from {{ ref('int_supply_spans') }}
),

held_deliveries as (
    select distinct
        force_code,
        extract,
        extracted_at
    from {{ ref('stg_register__loads') }}
    where status = 'held'
),

missing_months as (
    select
        report_months.quarter,
        report_months.force_code,
        supplied_months.extract,
        supplied_months.reason_code,
        report_months.month,
        {{ run_of_months(
            'report_months.month',
            of=[
                'report_months.quarter',
                'report_months.force_code',
                'supplied_months.extract',
                'supplied_months.reason_code',
            ],
        ) }} as run
    from report_months
    inner join supplied_months
        on report_months.force_code = supplied_months.force_code
        and report_months.month = supplied_months.month
),

-- A month of open data is empty where no line is of a crime, whatever others there are.
runs as (
    select
        quarter,
        force_code,
        extract,
        if(
            reason_code = 'no_record' and extract = 'police_uk_street',
            'no_crime',
            reason_code
        ) as reason_code,
        min(month) as first_month,
        max(month) as last_month
    from missing_months
    group by quarter, force_code, extract, reason_code, run
),

with_gaps as (
    select
        runs.*,
        min(gaps.gap_start_at) as gap_start_at,
        max(gaps.gap_end_at) as gap_end_at
    from runs
    left join gaps
        on runs.force_code = gaps.force_code
        and runs.extract = gaps.extract
        and runs.first_month <= gaps.last_month
        and runs.last_month >= gaps.first_month
    group by all
),

-- Without a cut-off nothing is expected by a day, but the deliveries of other extracts
-- show that one has stopped.
stopped as (
    select
        cut_offs.quarter,
        cut_offs.force_code,
        spans.extract,
        spans.last_extracted_at
    from cut_offs
    inner join spans on cut_offs.force_code = spans.force_code
    inner join extracts on spans.extract = extracts.extract
    where
        cut_offs.cut_off_date is null
        and date_diff('day', spans.last_extracted_at, cut_offs.latest_extracted_at)
        > extracts.cadence_days * {{ supply_rule('gap_tolerance') }}
),

-- The deliveries that would show these months, had nobody to decide about them.
on_hold as (
    select
        with_gaps.quarter,
        with_gaps.force_code,
        with_gaps.extract,
        with_gaps.reason_code,
        with_gaps.first_month,
        count(*) as held_count,
        min(held_deliveries.extracted_at) as first_held_at,
        max(held_deliveries.extracted_at) as last_held_at
    from with_gaps
    inner join spans
        on with_gaps.force_code = spans.force_code
        and with_gaps.extract = spans.extract
    inner join held_deliveries
        on with_gaps.force_code = held_deliveries.force_code
        and with_gaps.extract = held_deliveries.extract
        and case
            when with_gaps.reason_code = 'after_last'
                then spans.last_extracted_at < held_deliveries.extracted_at
            when with_gaps.reason_code in ('gap', 'no_record', 'no_crime')
                then held_deliveries.extracted_at
                    between with_gaps.gap_start_at and with_gaps.gap_end_at
            else false
        end
    group by all
),

chosen as (
    select
        with_gaps.quarter,
        with_gaps.force_code,
        with_gaps.extract,
        if(
            with_gaps.reason_code = 'after_last' and stopped.extract is not null,
            'stopped',
            with_gaps.reason_code
        ) as reason_code,
        with_gaps.first_month,
        with_gaps.last_month,
        cast(with_gaps.gap_start_at as date) as gap_start_date,
        cast(with_gaps.gap_end_at as date) as gap_end_date,
        cast(stopped.last_extracted_at as date) as last_delivered_date,
        coalesce(on_hold.held_count, 0) as held_count,
        cast(on_hold.first_held_at as date) as first_held_date,
        cast(on_hold.last_held_at as date) as last_held_date
    from with_gaps
    left join stopped using (quarter, force_code, extract)
    left join on_hold using (quarter, force_code, extract, reason_code, first_month)
),

explained as (
    select
        chosen.*,
        chosen.reason_code in (
            'no_record', 'no_crime', 'few_records', 'no_file', 'stopped'
        )
        or (chosen.reason_code = 'gap' and cut_offs.cut_off_date is null)
            as is_missing,
        to_json(struct_pack(
            reason_code := chosen.reason_code,
            extract := chosen.extract,
            first_month := chosen.first_month,
            last_month := chosen.last_month,
            gap_start_date := chosen.gap_start_date,
            gap_end_date := chosen.gap_end_date,
            last_delivered_date := chosen.last_delivered_date,
            held_count := chosen.held_count,
            first_held_date := chosen.first_held_date,
            last_held_date := chosen.last_held_date
        )) as reason
    from chosen
    inner join cut_offs using (quarter, force_code)
)

select * from explained
