-- Why a part of a measure's figures is not available in a report: a district in months,
-- a unit in a run of months, a breakdown in months or because lines of it are held.

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

unit_periods as (
    select * from {{ ref('int_unit_periods') }}
),

silent_units as (
    select * from {{ ref('int_silent_units') }}
),

windows as (
    select * from {{ ref('int_table_windows') }}
),

breakdown_tables as (
    select * from {{ ref('table_details') }}
    where breakdown is not null and category is null
),

breakdown_extracts as (
    select * from {{ ref('breakdown_extracts') }}
),

breakdown_gaps as (
    select
        force_code,
        breakdown,
        month,
        1 as line_count,
        'note_breakdown_silent' as kind
    from {{ ref('int_silent_breakdowns') }}
    union all
    select
        force_code,
        breakdown,
        month,
        line_count,
        'note_breakdown_held' as kind
    from {{ ref('int_held_breakdown_lines') }}
),

area_notes as (
    select
        report_months.quarter,
        report_months.force_code,
        'note_area' as kind,
        doubted_areas.extract,
        districts.district_name as subject,
        to_json(struct_pack(
            district_name := districts.district_name,
            extract := doubted_areas.extract,
            month_count := count(*),
            first_month := min(doubted_areas.month),
            last_month := max(doubted_areas.month),
            record_count := cast(sum(doubted_areas.record_count) as bigint),
            line_count := cast(sum(doubted_areas.line_count) as bigint),
            blank_count := cast(sum(doubted_areas.blank_count) as bigint)
        )) as facts
    from doubted_areas
    inner join report_months using (force_code, month)
    inner join districts on doubted_areas.district_code = districts.district_code
    group by
        report_months.quarter,
        report_months.force_code,
        doubted_areas.extract,
        districts.district_name
),

unit_spans as (
    select
        quarter,
        force_code,
        unit_name,
        first_month,
        last_month
    from unit_periods
    union all
    select
        quarter,
        force_code,
        unit_name,
        cast(first_month - interval 12 month as date) as first_month,
        cast(last_month - interval 12 month as date) as last_month
    from unit_periods
),

in_spans as (
    select
        unit_spans.quarter,
        unit_spans.force_code,
        unit_spans.unit_name,
        unit_spans.last_month,
        silent_units.month,
        silent_units.line_count,
        silent_units.is_before_first,
        max(silent_units.month) filter (where silent_units.is_before_first)
            over spans_of_units as last_month_before_first
    from unit_spans
    inner join silent_units
        on unit_spans.force_code = silent_units.force_code
        and unit_spans.unit_name = silent_units.unit_name
        and silent_units.month between unit_spans.first_month and unit_spans.last_month
    window spans_of_units as (
        partition by
            unit_spans.quarter,
            unit_spans.force_code,
            unit_spans.unit_name,
            unit_spans.first_month
    )
),

-- A period that is all before the unit's first line needs no note. The two periods of a
-- unit that reports over more than a year share a month.
silent_months as (
    select distinct
        quarter,
        force_code,
        unit_name,
        month,
        line_count,
        is_before_first
    from in_spans
    where not is_before_first or last_month_before_first < last_month
),

silent_runs as (
    select
        *,
        {{ run_of_months(
            'month', of=['quarter', 'force_code', 'unit_name', 'is_before_first']
        ) }} as run
    from silent_months
),

unit_notes as (
    select
        quarter,
        force_code,
        'note_unit' as kind,
        unit_name as subject,
        min(month) as first_month,
        to_json(struct_pack(
            unit_name := unit_name,
            is_before_first := is_before_first,
            first_month := min(month),
            last_month := max(month),
            line_count := cast(sum(line_count) as bigint)
        )) as facts
    from silent_runs
    group by quarter, force_code, unit_name, is_before_first, run
),

breakdown_notes as (
    select
        windows.quarter,
        windows.force_code,
        breakdown_gaps.kind,
        breakdown_extracts.extract,
        breakdown_tables.breakdown as subject,
        to_json(struct_pack(
            extract := breakdown_extracts.extract,
            breakdown := breakdown_tables.breakdown,
            line_count := cast(sum(breakdown_gaps.line_count) as bigint),
            first_month := min(breakdown_gaps.month),
            last_month := max(breakdown_gaps.month),
            least_lines := cast({{ supply_rule('doubted_lines') }} as integer)
        )) as facts
    from windows
    inner join breakdown_tables on windows.table_name = breakdown_tables.table_name
    inner join breakdown_extracts
        on breakdown_tables.breakdown = breakdown_extracts.breakdown
    inner join breakdown_gaps
        on windows.force_code = breakdown_gaps.force_code
        and breakdown_tables.breakdown = breakdown_gaps.breakdown
        and breakdown_gaps.month between windows.first_month and windows.last_month
    group by
        windows.quarter,
        windows.force_code,
        breakdown_gaps.kind,
        breakdown_extracts.extract,
        breakdown_tables.breakdown
),

together as (
    select * from area_notes
    union all by name
    select * from unit_notes
    union all by name
    select * from breakdown_notes
)

select * from together
