-- The rows of the tables by category: the categories of a breakdown, the local policing
-- areas of one or of every category, or each unit's results, which have the unit's own
-- period.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

tables as (
    select * from {{ ref('table_details') }}
),

windows as (
    select * from {{ ref('int_table_windows') }}
),

categories as (
    select * from {{ ref('categories') }}
),

districts as (
    select * from {{ ref('dim_districts') }}
),

unit_periods as (
    select * from {{ ref('int_unit_periods') }}
    where measure_code is not null
),

measures as (
    select * from {{ ref('dim_measures') }}
),

strand_units as (
    select * from {{ ref('strand_units') }}
),

strands as (
    select * from {{ ref('dim_strands') }}
),

force_lpas as (
    select
        force_code,
        lpa_name
    from districts
    where lpa_name is not null
    union
    select
        force_code,
        null as lpa_name
    from districts
    where force_code is not null
),

-- The local policing areas of a force in the order of a table, and the districts
-- without one.
placed as (
    select
        force_code,
        coalesce(lpa_name, {{ wording("'elsewhere_row'") }}) as lpa,
        'lpa' as area_level,
        coalesce(lpa_name, 'elsewhere') as area_code,
        row_number() over (partition by force_code order by lpa_name nulls last)
            as row_position
    from force_lpas
),

in_all as (
    select
        force_code,
        {{ wording("'total_row'") }} as lpa,
        'force' as area_level,
        force_code as area_code,
        max(row_position) + 1 as row_position
    from placed
    group by all
),

lpas as (
    select * from placed
    union all
    select * from in_all
),

in_categories as (
    select
        windows.quarter,
        windows.force_code,
        tables.table_name,
        categories.category_position as row_position,
        categories.category as row_key,
        tables.measure_code,
        categories.breakdown,
        categories.category,
        'force' as area_level,
        windows.force_code as area_code,
        windows.first_month as first_day,
        last_day(windows.last_month) as last_day
    from windows
    inner join tables on windows.table_name = tables.table_name
    inner join categories on tables.breakdown = categories.breakdown
    where tables.row_kind = 'categories'
),

in_areas as (
    select
        windows.quarter,
        windows.force_code,
        tables.table_name,
        row_number() over (
            partition by windows.quarter, windows.force_code, tables.table_name
            order by lpas.row_position, categories.category_position
        ) as row_position,
        if(
            tables.category is null, lpas.lpa || '|' || categories.category, lpas.lpa
        ) as row_key,
        tables.measure_code,
        categories.breakdown,
        categories.category,
        lpas.area_level,
        lpas.area_code,
        lpas.lpa,
        windows.first_month as first_day,
        last_day(windows.last_month) as last_day
    from windows
    inner join tables on windows.table_name = tables.table_name
    inner join lpas on windows.force_code = lpas.force_code
    inner join categories
        on tables.breakdown = categories.breakdown
        and coalesce(tables.category, categories.category) = categories.category
    where tables.row_kind = 'areas'
),

in_units as (
    select
        unit_periods.quarter,
        unit_periods.force_code,
        tables.table_name,
        row_number() over (
            partition by unit_periods.quarter, unit_periods.force_code
            order by
                categories.category_position,
                measures.measure_position,
                unit_periods.part nulls first
        ) as row_position,
        concat_ws(
            '|',
            unit_periods.unit_name,
            unit_periods.measure_code,
            coalesce(unit_periods.part, {{ wording("'whole_row'") }})
        ) as row_key,
        unit_periods.measure_code,
        unit_periods.breakdown,
        unit_periods.category,
        'force' as area_level,
        unit_periods.force_code as area_code,
        unit_periods.first_month as first_day,
        last_day(unit_periods.last_month) as last_day,
        strands.strand_name as strand,
        measures.measure_name,
        unit_periods.unit_name as unit,
        coalesce(unit_periods.part, {{ wording("'whole_row'") }}) as part,
        {{ filled(wording("'quarter_months'"), {
            'first_month': "strftime(unit_periods.first_month, '%b %Y')",
            'last_month': "strftime(unit_periods.last_month, '%b %Y')",
        }) }} as own_period,
        measures.unit as quantity_unit
    from unit_periods
    inner join tables on tables.row_kind = 'units'
    inner join reports using (quarter, force_code)
    inner join measures on unit_periods.measure_code = measures.measure_code
    inner join categories
        on unit_periods.unit_name = categories.category
        and categories.breakdown = 'unit'
    left join strand_units
        on reports.strategy_code = strand_units.strategy_code
        and unit_periods.unit_name = strand_units.unit_name
    left join strands
        on strand_units.strategy_code = strands.strategy_code
        and strand_units.strand_code = strands.strand_code
),

together as (
    select * from in_categories
    union all by name
    select * from in_areas
    union all by name
    select * from in_units
)

select * from together
