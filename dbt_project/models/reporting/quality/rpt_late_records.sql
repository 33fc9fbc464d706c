-- How the counts of the last 12 months changed after the first file that could have
-- all crimes of the month. The changes add up: the first count, with late records, less
-- withdrawn ones, with other changes, is the count of today.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

report_months as (
    select * from {{ ref('int_report_months') }}
),

loads as (
    select * from {{ ref('fct_loads') }}
    where extract = 'crimes' and file_status = 'loaded'
),

versions as (
    select * from {{ ref('fct_crime_versions') }}
),

months as (
    select
        report_months.quarter,
        report_months.force_code,
        report_months.month,
        report_months.month_label,
        min(loads.extracted_at) as first_file_at
    from report_months
    inner join reports
        on report_months.quarter = reports.quarter
        and report_months.force_code = reports.force_code
        and report_months.month > reports.quarter_end_date - interval 12 month
    inner join loads
        on report_months.force_code = loads.force_code
        and report_months.month + interval 1 month <= loads.extracted_at
    group by all
),

-- The same month in two reports has the same first file.
first_files as (
    select distinct
        force_code,
        month,
        first_file_at
    from months
),

withdrawn as (
    select
        force_code,
        crime_id
    from versions
    where is_current and crime_status in ('Cancelled', 'Transferred')
),

counted as (
    select
        first_files.force_code,
        first_files.month,
        count(*) filter (
            where versions.valid_from <= first_files.first_file_at
            and coalesce(versions.valid_to > first_files.first_file_at, true)
        ) as first_count,
        count(*) filter (
            where versions.is_current
            and versions.first_known_at > first_files.first_file_at
        ) as late_count,
        count(*) filter (
            where versions.valid_from <= first_files.first_file_at
            and versions.valid_to > first_files.first_file_at
            and withdrawn.crime_id is not null
        ) as withdrawn_count,
        count(*) filter (where versions.is_current) as count_now
    from first_files
    inner join versions
        on first_files.force_code = versions.force_code
        and first_files.month = versions.recorded_month
        and versions.is_counted
    left join withdrawn
        on versions.force_code = withdrawn.force_code
        and versions.crime_id = withdrawn.crime_id
        and not versions.is_current
    group by all
),

of_reports as (
    select
        months.quarter,
        months.force_code,
        row_number() over (
            partition by months.quarter, months.force_code order by months.month
        ) as row_position,
        months.month,
        months.month_label,
        months.first_file_at,
        counted.first_count,
        counted.late_count,
        counted.withdrawn_count,
        counted.count_now - counted.first_count - counted.late_count
        + counted.withdrawn_count as other_change,
        counted.count_now
    from months
    inner join counted
        on months.force_code = counted.force_code
        and months.month = counted.month
)

select * from of_reports
