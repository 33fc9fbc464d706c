-- Why a district is not available in months of a report.

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

said as (
    select
        quarter,
        force_code,
        extract,
        district_name,
        'note_area' as kind,
        to_json(struct_pack(
            district_name := district_name,
            extract := extract,
            month_count := month_count,
            first_month := first_month,
            last_month := last_month,
            record_count := cast(record_count as bigint),
            line_count := cast(line_count as bigint),
            blank_count := cast(blank_count as bigint)
        )) as facts
    from in_reports
)

select * from said
