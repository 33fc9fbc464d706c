-- Why a district is not available in months of a report, in words.

with

report_months as (
    select * from {{ ref('int_report_months') }}
),

doubted_areas as (
    select * from {{ ref('int_doubted_areas') }}
),

districts as (
    select * from {{ ref('dim_districts') }}
),

in_reports as (
    select
        report_months.quarter,
        report_months.force_code,
        doubted_areas.extract,
        districts.district_name,
        count(*) as month_count,
        min(doubted_areas.month) as first_month,
        max(doubted_areas.month) as last_month,
        sum(doubted_areas.record_count) as record_count,
        sum(doubted_areas.line_count) as line_count,
        sum(doubted_areas.blank_count) as blank_count
    from doubted_areas
    inner join report_months using (force_code, month)
    inner join districts on doubted_areas.district_code = districts.district_code
    group by all
),

worded as (
    select
        quarter,
        force_code,
        extract,
        district_name,
        {{ filled(
            wording(
                "'doubted_area_' || "
                ~ "if(line_count + blank_count = 0, 'without_lines_', '') || "
                ~ grammatical_number('month_count')
            ),
            {
                'district_name': 'district_name',
                'extract': "replace(extract, '_', ' ')",
                'month_count': with_commas('month_count'),
                'first_month': "strftime(first_month, '%B %Y')",
                'last_month': "strftime(last_month, '%B %Y')",
                'records': wording(
                    "'doubted_area_records_' || if(record_count = 0, 'none', 'few')"
                ),
                'count': with_commas('line_count'),
                'blank_count': with_commas('blank_count'),
            }
        ) }} as note_text
    from in_reports
)

select * from worded
