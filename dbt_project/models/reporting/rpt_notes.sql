-- The notes of seeds/layout/notes.csv, and notes on the data: records that count in an
-- earlier version because their latest line is held, unlisted values, and what is not
-- available: months first, then measures, districts, units and breakdowns; and lines
-- that are held and could count. None is about a measure that informs only strands of
-- other strategies, or an extract of which all measures do.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

notes as (
    select * from {{ ref('notes') }}
),

note_places as (
    select * from {{ ref('note_places') }}
),

measures as (
    select * from {{ ref('measures') }}
),

quarantined_lines as (
    select * from {{ ref('fct_quarantined_lines') }}
    where counts_as_before
),

loads as (
    select * from {{ ref('fct_loads') }}
),

unknown_values as (
    select * from {{ ref('fct_unknown_values') }}
    where counted_line_count > 0
),

parts_of_others as (
    select * from {{ ref('int_parts_of_others') }}
),

extracts_of_others as (
    select * from parts_of_others
    where part_kind = 'extract'
),

supply_notes as (
    select * from {{ ref('int_supply_notes') }}
),

measure_notes as (
    select measure_notes.*
    from {{ ref('int_measure_notes') }} as measure_notes
    anti join parts_of_others
        on measure_notes.quarter = parts_of_others.quarter
        and measure_notes.force_code = parts_of_others.force_code
        and parts_of_others.part_kind = 'measure'
        and measure_notes.measure_code = parts_of_others.part_name
    where measure_notes.is_own
),

report_months as (
    select * from {{ ref('int_report_months') }}
),

doubted_areas as (
    select * from {{ ref('int_doubted_areas') }}
),

districts as (
    select * from {{ ref('int_districts') }}
),

unit_periods as (
    select distinct
        quarter,
        force_code,
        unit_name,
        first_month,
        last_month
    from {{ ref('int_unit_periods') }}
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
    where gap_code <> 'held'
),

held_notes as (
    select * from {{ ref('int_held_notes') }}
),

found as (
    select
        loads.force_code,
        2 as part,
        'note_as_before' as kind,
        quarantined_lines.extract,
        quarantined_lines.extract as about,
        count(distinct quarantined_lines.line_key) as record_count
    from quarantined_lines
    inner join loads on quarantined_lines.load_id = loads.load_id
    group by all
    union all
    select
        force_code,
        if(extract_column = 'falls_within', 4, 3) as part,
        if(extract_column = 'falls_within', 'note_other_force', 'note_not_recognised')
            as kind,
        extract,
        extract || '.' || extract_column as about,
        sum(counted_line_count) as record_count
    from unknown_values
    group by all
),

area_notes as (
    select
        report_months.quarter,
        report_months.force_code,
        7 as part,
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
        unnest([first_month, cast(first_month - interval 12 month as date)])
            as first_month,
        unnest([last_month, cast(last_month - interval 12 month as date)])
            as last_month
    from unit_periods
),

in_spans as (
    select
        unit_spans.*,
        gaps.month,
        gaps.line_count,
        gaps.gap_code = 'before_first' as is_before_first,
        max(gaps.month) filter (where gaps.gap_code = 'before_first') over (
            partition by
                unit_spans.quarter,
                unit_spans.force_code,
                unit_spans.unit_name,
                unit_spans.first_month
        ) as last_month_before_first
    from unit_spans
    inner join gaps
        on gaps.breakdown = 'unit'
        and unit_spans.force_code = gaps.force_code
        and unit_spans.unit_name = gaps.category
        and gaps.month between unit_spans.first_month and unit_spans.last_month
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
        8 as part,
        'note_unit' as kind,
        'operational_results' as extract,
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
        9 as part,
        'note_breakdown_' || gaps.gap_code as kind,
        breakdown_extracts.extract,
        breakdown_tables.breakdown as subject,
        to_json(struct_pack(
            extract := breakdown_extracts.extract,
            breakdown := breakdown_tables.breakdown,
            line_count := cast(sum(coalesce(gaps.line_count, 1)) as bigint),
            first_month := min(gaps.month),
            last_month := max(gaps.month)
        )) as facts
    from windows
    inner join breakdown_tables on windows.table_name = breakdown_tables.table_name
    inner join breakdown_extracts
        on breakdown_tables.breakdown = breakdown_extracts.breakdown
    inner join gaps
        on gaps.breakdown <> 'unit'
        and windows.force_code = gaps.force_code
        and breakdown_tables.breakdown = gaps.breakdown
        and gaps.month between windows.first_month and windows.last_month
    group by
        windows.quarter,
        windows.force_code,
        gaps.gap_code,
        breakdown_extracts.extract,
        breakdown_tables.breakdown
),

-- Where the workbook refers to a note: headings of columns, and names of measures.
placed_notes as (
    select
        notes.note_position,
        notes.origin,
        notes.note_text,
        coalesce(
            list(note_places.place order by note_places.place) filter (
                where note_places.place_kind = 'column'
            ),
            []
        ) as column_names,
        coalesce(
            list(measures.measure_name order by measures.measure_name) filter (
                where measures.measure_name is not null
            ),
            []
        ) as labels
    from notes
    left join note_places on notes.note_position = note_places.note_position
    left join measures
        on note_places.place_kind = 'measure'
        and note_places.place = measures.measure_code
    group by notes.note_position, notes.origin, notes.note_text
),

together as (
    select
        reports.quarter,
        reports.force_code,
        1 as part,
        placed_notes.note_position as place,
        'note' as kind,
        to_json(struct_pack(
            text := placed_notes.note_text,
            column_names := placed_notes.column_names,
            labels := placed_notes.labels
        )) as facts
    from reports
    inner join placed_notes
        on placed_notes.origin is null
        or list_contains(string_split(placed_notes.origin, '|'), reports.origin)
    anti join parts_of_others
        on reports.quarter = parts_of_others.quarter
        and reports.force_code = parts_of_others.force_code
        and parts_of_others.part_kind = 'note'
        and cast(placed_notes.note_position as varchar) = parts_of_others.part_name
    union all by name
    select
        reports.quarter,
        reports.force_code,
        found.part,
        found.extract,
        found.about as subject,
        found.kind,
        to_json(struct_pack(
            about := found.about,
            record_count := cast(found.record_count as bigint)
        )) as facts
    from reports
    inner join found on reports.force_code = found.force_code
    union all by name
    select
        quarter,
        force_code,
        5 as part,
        extract,
        first_month,
        'note_months' as kind,
        to_json(struct_pack(is_missing := is_missing, reason := reason)) as facts
    from supply_notes
    union all by name
    select
        quarter,
        force_code,
        6 as part,
        measure_position as place,
        'note_measure' as kind,
        to_json(
            struct_pack(measure_name := measure_name, reasons := reasons)
        ) as facts
    from measure_notes
    union all by name
    select * from area_notes
    union all by name
    select * from unit_notes
    union all by name
    select * from breakdown_notes
    union all by name
    select
        quarter,
        force_code,
        10 as part,
        'note_held' as kind,
        extract,
        to_json(struct_pack(
            extract := extract,
            line_count := line_count,
            first_month := first_month,
            last_month := last_month,
            measure_names := measure_names,
            breakdowns := breakdowns,
            least_lines := cast({{ supply_rule('doubted_lines') }} as integer)
        )) as facts
    from held_notes
),

own_notes as (
    select together.*
    from together
    anti join extracts_of_others
        on together.quarter = extracts_of_others.quarter
        and together.force_code = extracts_of_others.force_code
        and together.extract = extracts_of_others.part_name
),

numbered as (
    select
        quarter,
        force_code,
        row_number() over (
            partition by quarter, force_code
            order by part, place, extract, subject, first_month, kind
        ) as note_position,
        kind as fact_kind,
        facts
    from own_notes
)

select * from numbered
