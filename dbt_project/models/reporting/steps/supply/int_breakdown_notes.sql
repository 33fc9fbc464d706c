-- What each report's tables of a breakdown lack: the months that nothing shows it
-- for, and the held lines that could count in it.

with

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

silent_breakdowns as (
    select * from {{ ref('int_silent_breakdowns') }}
),

held_lines as (
    select * from {{ ref('int_held_breakdown_lines') }}
),

shown as (
    select
        windows.*,
        breakdown_tables.breakdown,
        breakdown_extracts.extract
    from windows
    inner join breakdown_tables on windows.table_name = breakdown_tables.table_name
    inner join breakdown_extracts
        on breakdown_tables.breakdown = breakdown_extracts.breakdown
),

silent as (
    select
        shown.quarter,
        shown.force_code,
        shown.extract,
        shown.breakdown,
        'breakdown_silent' as reason_code,
        min(silent_breakdowns.month) as first_month,
        max(silent_breakdowns.month) as last_month,
        count(*) as line_count
    from shown
    inner join silent_breakdowns
        on shown.force_code = silent_breakdowns.force_code
        and shown.breakdown = silent_breakdowns.breakdown
        and silent_breakdowns.month between shown.first_month and shown.last_month
    group by all
),

held as (
    select
        shown.quarter,
        shown.force_code,
        shown.extract,
        shown.breakdown,
        'breakdown_held' as reason_code,
        min(held_lines.month) as first_month,
        max(held_lines.month) as last_month,
        cast(sum(held_lines.line_count) as bigint) as line_count
    from shown
    inner join held_lines
        on shown.force_code = held_lines.force_code
        and shown.breakdown = held_lines.breakdown
        and held_lines.month between shown.first_month and shown.last_month
    group by all
),

together as (
    select * from silent
    union all
    select * from held
),

said as (
    select
        quarter,
        force_code,
        extract,
        breakdown,
        reason_code,
        'note_' || reason_code as kind,
        to_json(struct_pack(
            extract := extract,
            breakdown := breakdown,
            line_count := line_count,
            first_month := first_month,
            last_month := last_month,
            least_lines := cast({{ supply_rule('doubted_lines') }} as integer)
        )) as facts
    from together
)

select * from said
