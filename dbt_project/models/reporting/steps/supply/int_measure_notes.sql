-- Why a measure is not available in a report, in words, with the lines that are held or
-- have values in no list: of all months, of those that are doubted, or of those before
-- the first that shows it.

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

unavailable as (
    select
        reports.quarter,
        reports.force_code,
        unavailable_measures.measure_code,
        {{ filled(
            wording(
                "'unavailable_'
                || " ~ grammatical_number('unavailable_measures.held_line_count')
            ),
            {
                'extract': "replace(unavailable_measures.extract, '_', ' ')",
                'count': with_commas('unavailable_measures.held_line_count'),
            }
        ) }} as reason
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
        {{ filled(
            wording(
                "'unavailable_before' ||"
                ~ " if(unavailable_measures.has_earlier_lines, '_few', '')"
            ),
            {
                'extract': "replace(unavailable_measures.extract, '_', ' ')",
                'first_month': "strftime(unavailable_measures.first_month, '%B %Y')",
            }
        ) }} as reason
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

doubted_in_reports as (
    select
        report_months.quarter,
        report_months.force_code,
        doubted_measures.measure_code,
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
    group by all
),

doubted as (
    select
        quarter,
        force_code,
        measure_code,
        {{ filled(
            wording(
                "'doubted_' || if(line_count = 0, 'without_lines_', '') || "
                ~ grammatical_number('month_count')
            ),
            {
                'month_count': with_commas('month_count'),
                'first_month': "strftime(first_month, '%B %Y')",
                'last_month': "strftime(last_month, '%B %Y')",
                'count': with_commas('line_count'),
            }
        ) }} as reason
    from doubted_in_reports
),

together as (
    select * from unavailable
    union all
    select * from months_before
    union all
    select * from doubted
),

named as (
    select
        together.quarter,
        together.force_code,
        together.measure_code,
        measures.measure_name,
        measures.measure_position,
        string_agg(together.reason, ' ' order by together.reason) as reason
    from together
    inner join measures on together.measure_code = measures.measure_code
    group by all
)

select * from named
