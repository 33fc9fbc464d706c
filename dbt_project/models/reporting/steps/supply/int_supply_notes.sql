-- Why months of a report's charts are not available, in words: one note for each run of
-- months with one reason. Months between two deliveries are also named as missing, but
-- for a gap before a cut-off: int_missing_deliveries has it day by day.

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
        reason_code,
        if(
            reason_code = 'no_record' and extract = 'police_uk_street',
            'no_crime',
            reason_code
        ) as reason_wording,
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
            when with_gaps.reason_code in ('gap', 'no_record')
                then held_deliveries.extracted_at
                    between with_gaps.gap_start_at and with_gaps.gap_end_at
            else false
        end
    group by all
),

with_stops as (
    select
        with_gaps.* replace (
            if(
                with_gaps.reason_code = 'after_last' and stopped.extract is not null,
                'stopped',
                with_gaps.reason_wording
            ) as reason_wording
        ),
        stopped.last_extracted_at
    from with_gaps
    left join stopped
        on with_gaps.quarter = stopped.quarter
        and with_gaps.force_code = stopped.force_code
        and with_gaps.extract = stopped.extract
),

with_reason as (
    select
        with_stops.*,
        if(
            first_month = with_stops.last_month,
            strftime(first_month, '%B %Y'),
            {{ filled(wording("'quarter_months'"), {
                'first_month': "strftime(first_month, '%B %Y')",
                'last_month': "strftime(with_stops.last_month, '%B %Y')",
            }) }}
        ) as months_label,
        {{ filled(
            wording(
                "'supply_' || reason_wording || if(held_count is null, '', '_on_hold')"
            ),
            {
                'gap_start': "coalesce(" ~ day_label('gap_start_at') ~ ", '')",
                'gap_end': "coalesce(" ~ day_label('gap_end_at') ~ ", '')",
                'last_delivery': "coalesce(" ~ day_label('last_extracted_at') ~ ", '')",
                'on_hold': "coalesce("
                    ~ wording("'on_hold_' || " ~ grammatical_number('held_count'))
                    ~ ", '')",
                'count': "coalesce(" ~ with_commas('held_count') ~ ", '')",
                'first_date': "coalesce(" ~ day_label('first_held_at') ~ ", '')",
                'last_date': "coalesce(" ~ day_label('last_held_at') ~ ", '')",
            }
        ) }} as reason,
        {{ wording(
            "'missing_' || if(held_count is null, reason_wording, 'on_hold')"
        ) }} as short_reason,
        with_stops.reason_wording in (
            'no_record', 'no_crime', 'few_records', 'no_file', 'stopped'
        )
        or (with_stops.reason_code = 'gap' and cut_offs.cut_off_date is null)
            as is_missing
    from with_stops
    inner join cut_offs using (quarter, force_code)
    left join on_hold using (quarter, force_code, extract, reason_code, first_month)
),

worded as (
    select
        quarter,
        force_code,
        extract,
        reason_code,
        first_month,
        last_month,
        reason,
        {{ filled(wording("'supply_note'"), {
            'extract': "replace(extract, '_', ' ')",
            'months': 'months_label',
            'reason': 'reason',
        }) }} as note_text,
        case
            when is_missing
                then {{ filled(wording("'missing_months'"), {
                    'extract': "replace(extract, '_', ' ')",
                    'months': 'months_label',
                    'reason': 'short_reason',
                }) }}
        end as missing_text
    from with_reason
)

select * from worded
