-- Each unit's results over the period for which it reports, which the row says, and
-- over the same months a year before. A month in which the unit is silent is no 0.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

unit_periods as (
    select * from {{ ref('int_unit_periods') }}
),

unit_parts as (
    select * from {{ ref('int_unit_parts') }}
),

categories as (
    select * from {{ ref('categories') }}
    where breakdown = 'unit'
),

measures as (
    select * from {{ ref('dim_measures') }}
),

breakdowns as (
    select * from {{ ref('fct_measure_breakdowns_monthly') }}
    where breakdown in ('unit', 'unit_and_drug_class', 'unit_and_person_kind')
),

strand_units as (
    select * from {{ ref('strand_units') }}
),

strands as (
    select * from {{ ref('dim_strands') }}
),

summed as (
    select
        unit_periods.quarter,
        unit_periods.force_code,
        unit_periods.unit_name,
        unit_parts.measure_code,
        unit_parts.part,
        unit_periods.first_month,
        unit_periods.last_month,
        unit_periods.is_covered
        and unit_parts.first_month
        <= if(unit_parts.is_rare, unit_periods.last_month, unit_periods.first_month)
            as is_covered,
        unit_periods.is_covered_before
        and unit_parts.first_month
        <= if(unit_parts.is_rare, unit_periods.last_month, unit_periods.first_month)
        - interval 12 month
            as is_covered_before,
        coalesce(sum(breakdowns.value) filter (
            where breakdowns.month
            between unit_periods.first_month and unit_periods.last_month
        ), 0) as quantity,
        coalesce(sum(breakdowns.value) filter (
            where breakdowns.month
            between unit_periods.first_month - interval 12 month
            and unit_periods.last_month - interval 12 month
        ), 0) as year_before_quantity
    from unit_periods
    inner join unit_parts using (force_code, unit_name)
    left join breakdowns
        on unit_parts.force_code = breakdowns.force_code
        and unit_parts.measure_code = breakdowns.measure_code
        and unit_parts.breakdown = breakdowns.breakdown
        and unit_parts.category = breakdowns.category
    group by all
),

named as (
    select
        summed.quarter,
        summed.force_code,
        row_number() over (
            partition by summed.quarter, summed.force_code
            order by
                categories.category_position,
                measures.measure_position,
                summed.part nulls first
        ) as row_position,
        strands.strand_name as strand,
        summed.unit_name as unit,
        summed.measure_code as measure,
        measures.measure_name,
        coalesce(summed.part, {{ wording("'whole_row'") }}) as part,
        {{ filled(wording("'quarter_months'"), {
            'first_month': "strftime(summed.first_month, '%b %Y')",
            'last_month': "strftime(summed.last_month, '%b %Y')",
        }) }} as own_period,
        measures.unit as quantity_unit,
        cast(
            case when summed.is_covered_before then summed.year_before_quantity end
            as decimal(18, 1)
        ) as year_before_quantity,
        cast(
            case when summed.is_covered then summed.quantity end as decimal(18, 1)
        ) as quantity,
        {{ status('summed.is_covered and summed.is_covered_before') }} as status
    from summed
    inner join reports using (quarter, force_code)
    inner join measures on summed.measure_code = measures.measure_code
    inner join categories on summed.unit_name = categories.category
    left join strand_units
        on reports.strategy_code = strand_units.strategy_code
        and summed.unit_name = strand_units.unit_name
    left join strands
        on strand_units.strategy_code = strands.strategy_code
        and strand_units.strand_code = strands.strand_code
)

select * from named
