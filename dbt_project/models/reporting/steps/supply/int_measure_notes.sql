-- Why a measure is not available in a report, with the lines that are held or have
-- values in no list: of all months, of those that are doubted, or of those before the
-- first that shows it. A measure without a reason of its own has that of its extract's
-- last missing months.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

report_months as (
    select * from {{ ref('int_report_months') }}
),

unavailable_measures as (
    select * from {{ ref('int_unavailable_measures') }}
),

doubted_measures as (
    select * from {{ ref('int_doubted_measures') }}
),

measures as (
    select * from {{ ref('measures') }}
),

returned_measures as (
    select * from {{ ref('supplementary_measures') }}
    where not is_zero_when_absent
),

of_extracts as (
    select
        quarter,
        force_code,
        extract,
        to_json([arg_max(reason, first_month)]) as reasons
    from {{ ref('int_supply_notes') }}
    group by all
),

unavailable as (
    select
        reports.quarter,
        reports.force_code,
        unavailable_measures.measure_code,
        'unavailable' as reason_code,
        unavailable_measures.extract,
        unavailable_measures.held_line_count as line_count
    from unavailable_measures
    inner join reports on unavailable_measures.force_code = reports.force_code
    where unavailable_measures.first_month is null
),

-- A return has no zero to doubt, and each unit's results begin by themselves.
months_before as (
    select
        report_months.quarter,
        report_months.force_code,
        unavailable_measures.measure_code,
        if(unavailable_measures.has_earlier_lines, 'few_before', 'none_before')
            as reason_code,
        unavailable_measures.extract,
        unavailable_measures.first_month
    from unavailable_measures
    inner join report_months
        on unavailable_measures.force_code = report_months.force_code
        and unavailable_measures.first_month > report_months.month
    anti join doubted_measures
        on unavailable_measures.force_code = doubted_measures.force_code
        and unavailable_measures.measure_code = doubted_measures.measure_code
        and report_months.month = doubted_measures.month
    anti join returned_measures
        on unavailable_measures.measure_code = returned_measures.measure_code
    where unavailable_measures.extract <> 'operational_results'
    group by all
),

doubted as (
    select
        report_months.quarter,
        report_months.force_code,
        doubted_measures.measure_code,
        case
            when doubted_measures.lacks_type then 'without_type'
            when sum(doubted_measures.line_count) = 0 then 'without_record'
            else 'doubted_lines'
        end as reason_code,
        count(*) as month_count,
        min(doubted_measures.month) as first_month,
        max(doubted_measures.month) as last_month,
        sum(doubted_measures.line_count) as line_count
    from doubted_measures
    inner join report_months using (force_code, month)
    anti join unavailable_measures
        on doubted_measures.force_code = unavailable_measures.force_code
        and doubted_measures.measure_code = unavailable_measures.measure_code
        and unavailable_measures.first_month is null
    group by
        report_months.quarter,
        report_months.force_code,
        doubted_measures.measure_code,
        doubted_measures.lacks_type
),

together as (
    select * from unavailable
    union all by name
    select * from months_before
    union all by name
    select * from doubted
),

own as (
    select
        quarter,
        force_code,
        measure_code,
        to_json(
            list(
                struct_pack(
                    reason_code := reason_code,
                    extract := extract,
                    first_month := first_month,
                    last_month := last_month,
                    month_count := month_count,
                    line_count := cast(line_count as bigint)
                )
                order by reason_code
            )
        ) as reasons
    from together
    group by all
),

named as (
    select
        reports.quarter,
        reports.force_code,
        measures.measure_code,
        measures.measure_name,
        measures.measure_position,
        own.reasons is not null as is_own,
        coalesce(own.reasons, of_extracts.reasons) as reasons
    from reports
    cross join measures
    left join own
        on reports.quarter = own.quarter
        and reports.force_code = own.force_code
        and measures.measure_code = own.measure_code
    left join of_extracts
        on reports.quarter = of_extracts.quarter
        and reports.force_code = of_extracts.force_code
        and measures.source_extract = of_extracts.extract
    where own.reasons is not null or of_extracts.reasons is not null
)

select * from named
