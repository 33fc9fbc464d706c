-- Compares each fact with its monthly mart, by measure (or crime type, or category),
-- month and area. Records of a month that was not supplied are in no cell: their cell
-- has no value, or the extract does not have the month. Nor are those of a crime type
-- that is doubted in the month, or of all crime without one of its types. If another
-- record has no cell, the mart has lost it. If a cell with a value has no records, the
-- mart has invented it.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'fct_measures_monthly'}},
        'description': 'The monthly marts count every record of their facts in its'
            ~ ' month and area, and nothing else.',
        'remedy': 'Find the records for the month and area shown. A join in the'
            ~ ' mart drops or duplicates them. Correct that join.',
    },
) }}

with

record_totals as (
    select
        *,
        counted_on as month
    from {{ ref('int_record_totals') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

measure_rules as (
    select * from {{ ref('measure_rules') }}
    where crime_type is not null
),

breakdown_extracts as (
    select * from {{ ref('breakdown_extracts') }}
),

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
    where is_supplied
),

doubted_areas as (
    select * from {{ ref('int_doubted_areas') }}
),

-- Cells of doubted districts, which have no value, and cells of districts without lines
-- are left out. assert_areas_add_up_to_the_force checks the counts of doubted
-- districts.
monthly as (
    select * from {{ ref('fct_measures_monthly') }}
    where coalesce(value, numerator, denominator) is not null or not is_supplied
),

open_crimes_monthly as (
    select * replace (crime_count is not null as is_supplied)
    from {{ ref('fct_open_crimes_monthly') }}
    where area_level = 'district'
),

breakdowns_monthly as (
    select * from {{ ref('fct_measure_breakdowns_monthly') }}
),

-- A crime type of the open data can count in several measures.
open_records as (
    select
        record_totals.*,
        measure_rules.measure_code as counted_measure
    from record_totals
    inner join measure_rules on record_totals.category = measure_rules.crime_type
    where
        record_totals.record_kind = 'open crime'
        and record_totals.counted_as = 'value'
),

open_totals as (
    select * from record_totals
    where record_kind = 'open crime'
    union all by name
    select
        record_totals.* exclude (category, quantity, record_count),
        {{ all_crime() }} as category,
        sum(record_totals.record_count) as record_count,
        sum(record_totals.quantity) as quantity
    from record_totals
    inner join measure_rules
        on record_totals.category = measure_rules.crime_type
        and measure_rules.measure_code = 'open_all_crime'
    where record_totals.record_kind = 'open crime'
    group by all
),

of_measures as (
    select *
    from record_totals
    where
        record_kind in ('crime', 'supplementary') and breakdown is null
    union all by name
    select
        * exclude (measure_code, counted_measure),
        counted_measure as measure_code
    from open_records
),

record_cells as (
    select
        'fct_measures_monthly' as mart,
        measures.source_extract as extract,
        of_measures.force_code,
        of_measures.measure_code as subject,
        of_measures.month,
        of_measures.area_code,
        of_measures.counted_as,
        sum(of_measures.quantity) as quantity
    from of_measures
    inner join measures on of_measures.measure_code = measures.measure_code
    group by all
    union all
    select
        'fct_open_crimes_monthly' as mart,
        'police_uk_street' as extract,
        force_code,
        category as subject,
        month,
        area_code,
        counted_as,
        quantity
    from open_totals
    union all
    select
        'fct_measure_breakdowns_monthly' as mart,
        breakdown_extracts.extract,
        record_totals.force_code,
        concat_ws(
            '/',
            record_totals.measure_code,
            record_totals.breakdown,
            record_totals.category
        ) as subject,
        record_totals.month,
        record_totals.area_code,
        record_totals.counted_as,
        record_totals.quantity
    from record_totals
    inner join breakdown_extracts
        on record_totals.breakdown = breakdown_extracts.breakdown
    where record_totals.record_kind = 'supplementary'
),

measured as (
    select
        monthly.*,
        unnest(['value', 'numerator', 'denominator']) as counted_as,
        unnest([
            case when measures.kind <> 'ratio' then monthly.value end,
            monthly.numerator,
            monthly.denominator
        ]) as quantity,
        unnest([
            measures.kind <> 'ratio',
            measures.kind = 'ratio',
            measures.kind = 'ratio'
        ]) as is_cell
    from monthly
    inner join measures on monthly.measure_code = measures.measure_code
),

open_counted as (
    select
        *,
        unnest(['value', 'known_outcome', 'positive_outcome']) as counted_as,
        unnest([
            crime_count,
            positive_count + not_positive_count + open_count,
            positive_count
        ]) as quantity
    from open_crimes_monthly
),

mart_cells as (
    select
        'fct_measures_monthly' as mart,
        force_code,
        measure_code as subject,
        month,
        area_code,
        counted_as,
        quantity,
        is_supplied
    from measured
    where is_cell
    union all
    select
        'fct_open_crimes_monthly' as mart,
        force_code,
        crime_type as subject,
        month,
        area_code,
        counted_as,
        quantity,
        is_supplied
    from open_counted
    union all
    select
        'fct_measure_breakdowns_monthly' as mart,
        force_code,
        concat_ws('/', measure_code, breakdown, category) as subject,
        month,
        area_code,
        'value' as counted_as,
        value as quantity,
        true as is_supplied
    from breakdowns_monthly
),

placed_cells as (
    select record_cells.*
    from record_cells
    anti join doubted_areas
        on record_cells.mart <> 'fct_measure_breakdowns_monthly'
        and record_cells.extract = doubted_areas.extract
        and record_cells.force_code = doubted_areas.force_code
        and record_cells.area_code = doubted_areas.district_code
        and record_cells.month = doubted_areas.month
),

compared as (
    select
        mart,
        extract,
        force_code,
        subject,
        month,
        area_code,
        counted_as,
        placed_cells.quantity as of_records,
        mart_cells.quantity as of_mart,
        mart_cells.is_supplied,
        supplied_months.month is not null as is_month_supplied
    from placed_cells
    full join mart_cells
        using (mart, force_code, subject, month, area_code, counted_as)
    left join supplied_months
        using (extract, force_code, month)
),

judged as (
    select
        *,
        case
            when is_supplied then 'counted'
            when is_supplied is null and is_month_supplied then 'lost'
            else 'apart: the month was not supplied'
        end as fate
    from compared
)

select * from judged
where
    fate = 'lost'
    or (fate = 'counted' and coalesce(of_records, 0) is distinct from of_mart)
    or (fate like 'apart%' and of_mart is not null)
