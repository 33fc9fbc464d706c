-- Why a unit's results are not available in a report: one note for each run of months
-- in which it was silent. A period that is all before its first line needs
-- none.

with

unit_periods as (
    select * from {{ ref('int_unit_periods') }}
),

silent_units as (
    select * from {{ ref('int_silent_units') }}
),

spans as (
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
        spans.quarter,
        spans.force_code,
        spans.unit_name,
        spans.last_month,
        silent_units.month,
        silent_units.line_count,
        silent_units.is_before_first,
        max(silent_units.month) filter (where silent_units.is_before_first)
            over spans_of_units as last_month_before_first
    from spans
    inner join silent_units
        on spans.force_code = silent_units.force_code
        and spans.unit_name = silent_units.unit_name
        and silent_units.month between spans.first_month and spans.last_month
    window spans_of_units as (
        partition by
            spans.quarter, spans.force_code, spans.unit_name, spans.first_month
    )
),

-- The two periods of a unit that reports over more than a year share a month.
shown as (
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

months as (
    select
        *,
        {{ run_of_months(
            'month', of=['quarter', 'force_code', 'unit_name', 'is_before_first']
        ) }} as run
    from shown
),

runs as (
    select
        quarter,
        force_code,
        unit_name,
        is_before_first,
        min(month) as first_month,
        max(month) as last_month,
        sum(line_count) as line_count
    from months
    group by quarter, force_code, unit_name, is_before_first, run
),

said as (
    select
        quarter,
        force_code,
        unit_name,
        first_month,
        'note_unit' as kind,
        to_json(struct_pack(
            unit_name := unit_name,
            is_before_first := is_before_first,
            first_month := first_month,
            last_month := last_month,
            line_count := cast(line_count as bigint)
        )) as facts
    from runs
)

select * from said
