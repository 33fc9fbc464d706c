-- The lines of each extract that are held and could count in figures of a report, and
-- these figures: those of measures in months that are known, and those by breakdown. In
-- a month that is not known, a figure is missing and not too low.

with

measures as (
    select * from {{ ref('measures') }}
),

report_months as (
    select * from {{ ref('int_report_months') }}
),

uncertain_lines as (
    select * from {{ ref('int_uncertain_lines') }}
    where held_lines is not null
),

known_months as (
    select distinct
        force_code,
        measure_code,
        month
    from {{ ref('int_measures_by_area') }}
    where value is not null
),

measures_of_reports as (
    select distinct
        quarter,
        force_code,
        measure_code
    from {{ ref('rpt_cells') }}
),

windows as (
    select * from {{ ref('int_table_windows') }}
),

breakdown_tables as (
    select * from {{ ref('table_details') }}
    where row_kind = 'categories' and breakdown is not null
),

breakdown_extracts as (
    select * from {{ ref('breakdown_extracts') }}
),

gaps as (
    select * from {{ ref('int_breakdown_gaps') }}
    where gap_code = 'held' and breakdown <> 'unit'
),

in_measures as (
    select
        report_months.quarter,
        report_months.force_code,
        measures.source_extract as extract,
        measures.measure_position,
        measures.measure_name,
        null as breakdown,
        report_months.month,
        unnest(uncertain_lines.held_lines) as held_line
    from uncertain_lines
    inner join measures on uncertain_lines.measure_code = measures.measure_code
    inner join report_months
        on uncertain_lines.force_code = report_months.force_code
        and uncertain_lines.month = report_months.month
    semi join measures_of_reports
        on report_months.quarter = measures_of_reports.quarter
        and report_months.force_code = measures_of_reports.force_code
        and uncertain_lines.measure_code = measures_of_reports.measure_code
    semi join known_months
        on uncertain_lines.force_code = known_months.force_code
        and uncertain_lines.measure_code = known_months.measure_code
        and uncertain_lines.month = known_months.month
),

in_breakdowns as (
    select
        windows.quarter,
        windows.force_code,
        breakdown_extracts.extract,
        null as measure_position,
        null as measure_name,
        gaps.breakdown,
        gaps.month,
        unnest(gaps.held_lines) as held_line
    from windows
    inner join breakdown_tables on windows.table_name = breakdown_tables.table_name
    inner join breakdown_extracts
        on breakdown_tables.breakdown = breakdown_extracts.breakdown
    inner join gaps
        on windows.force_code = gaps.force_code
        and breakdown_tables.breakdown = gaps.breakdown
        and gaps.month between windows.first_month and windows.last_month
),

together as (
    select * from in_measures
    union all
    select * from in_breakdowns
),

named as (
    select
        *,
        row_number() over (
            partition by quarter, force_code, extract, measure_position
        ) = 1 as is_first_of_measure
    from together
),

-- One note for each extract, because one line can count in several figures.
noted as (
    select
        quarter,
        force_code,
        extract,
        count(distinct held_line) as line_count,
        min(month) as first_month,
        max(month) as last_month,
        coalesce(
            list(measure_name order by measure_position) filter (
                where is_first_of_measure and measure_name is not null
            ),
            []
        ) as measure_names,
        coalesce(
            list(distinct breakdown order by breakdown) filter (
                where breakdown is not null
            ),
            []
        ) as breakdowns
    from named
    group by all
)

select * from noted
