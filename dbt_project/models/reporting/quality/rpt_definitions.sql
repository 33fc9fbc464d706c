-- What each measure of a report counts, how the national statistics differ, and from
-- which month on it counts another thing.

with

cells as (
    select distinct
        quarter,
        force_code,
        measure_code
    from {{ ref('rpt_cells') }}
    where figure_value is not null
),

measures as (
    select * from {{ ref('dim_measures') }}
),

national_definitions as (
    select * from {{ ref('national_definitions') }}
),

range_phases as (
    select * from {{ ref('range_phases') }}
    where measure_code is not null
),

of_reports as (
    select
        cells.quarter,
        cells.force_code,
        row_number() over (
            partition by cells.quarter, cells.force_code
            order by measures.measure_position
        ) as row_position,
        cells.measure_code,
        measures.measure_name,
        measures.measure_unit,
        measures.measure_definition,
        national_definitions.national_difference
    from cells
    inner join measures using (measure_code)
    left join national_definitions using (measure_code)
),

with_breaks as (
    select
        of_reports.quarter,
        of_reports.force_code,
        of_reports.row_position,
        of_reports.measure_code,
        of_reports.measure_name,
        of_reports.measure_unit,
        of_reports.measure_definition,
        of_reports.national_difference,
        list(
            struct_pack(
                first_month := range_phases.first_month,
                cause := range_phases.cause,
                is_comparable := range_phases.is_comparable
            ) order by range_phases.first_month
        ) filter (where range_phases.first_month is not null) as recording_breaks
    from of_reports
    left join range_phases
        on of_reports.measure_code = range_phases.measure_code
        and of_reports.force_code
        = coalesce(range_phases.force_code, of_reports.force_code)
    group by all
)

select * from with_breaks
