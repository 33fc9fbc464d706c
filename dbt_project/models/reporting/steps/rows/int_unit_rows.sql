-- The rows of the tables of each unit's results: over the unit's own period, and over
-- the period that is compared.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

tables as (
    select * from {{ ref('table_details') }}
),

categories as (
    select * from {{ ref('categories') }}
),

unit_periods as (
    select * from {{ ref('int_unit_periods') }}
    where measure_code is not null
),

unit_comparisons as (
    select * from {{ ref('int_unit_comparisons') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

amount_units as (
    select * from {{ ref('amount_units') }}
),

strand_units as (
    select * from {{ ref('strand_units') }}
),

strands as (
    select * from {{ ref('dim_strands') }}
),

unit_results as (
    select
        'units' as row_kind,
        *,
        first_month as first_day,
        last_day(last_month) as last_day
    from unit_periods
    union all by name
    select
        'units_compared' as row_kind,
        *,
        period_start as first_day,
        period_end as last_day,
        base_start as base_first_day,
        base_end as base_last_day
    from unit_comparisons
),

in_units as (
    select
        unit_results.quarter,
        unit_results.force_code,
        tables.table_name,
        row_number() over (
            partition by
                unit_results.quarter, unit_results.force_code, tables.table_name
            order by
                categories.category_position,
                measures.measure_position,
                unit_results.part nulls first
        ) as row_position,
        concat_ws(
            '|',
            unit_results.unit_name,
            unit_results.measure_code,
            coalesce(unit_results.part, {{ wording("'whole_row'") }})
        ) as row_key,
        unit_results.measure_code,
        unit_results.breakdown,
        unit_results.category,
        'force' as area_level,
        unit_results.force_code as area_code,
        unit_results.first_day,
        unit_results.last_day,
        unit_results.base_first_day,
        unit_results.base_last_day,
        strands.strand_name as strand,
        measures.measure_name,
        unit_results.unit_name as unit,
        case
            when unit_results.part is null then {{ wording("'whole_row'") }}
            when unit_results.breakdown = 'unit_and_drug_class'
                then {{ filled(wording("'drug_class'"), {
                    'class': 'unit_results.part',
                }) }}
            else unit_results.part
        end as part,
        {{ months_label(
            'unit_results.first_day',
            'unit_results.last_day',
            first='%b %Y',
            last='%b %Y',
        ) }} as own_period,
        coalesce(
            amount_units.sign_before, amount_units.sign_after, measures.measure_unit
        ) as quantity_unit
    from unit_results
    inner join tables on unit_results.row_kind = tables.row_kind
    inner join reports using (quarter, force_code)
    inner join measures on unit_results.measure_code = measures.measure_code
    inner join categories
        on unit_results.unit_name = categories.category
        and categories.breakdown = 'unit'
    left join amount_units on measures.measure_unit = amount_units.measure_unit
    left join strand_units
        on reports.strategy_code = strand_units.strategy_code
        and unit_results.unit_name = strand_units.unit_name
    left join strands
        on strand_units.strategy_code = strands.strategy_code
        and strand_units.strand_code = strands.strand_code
)

select * from in_units
