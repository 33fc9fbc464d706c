-- Each unit's results over the period for which it reports, which the row says, and
-- over the same months a year before.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

result_periods as (
    select * from {{ ref('result_periods') }}
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

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
    where extract = 'operational_results' and is_supplied
),

periods as (
    select
        reports.quarter,
        reports.force_code,
        result_periods.unit_name,
        categories.category_position as unit_position,
        strands.strand_name,
        result_periods.month_count,
        cast(date_trunc('month', reports.end_date) as date) as last_month,
        cast(
            date_trunc('month', reports.end_date)
            - to_months(result_periods.month_count - 1) as date
        ) as first_month
    from reports
    cross join result_periods
    inner join categories on result_periods.unit_name = categories.category
    left join strand_units
        on reports.strategy_code = strand_units.strategy_code
        and result_periods.unit_name = strand_units.unit_name
    left join strands
        on strand_units.strategy_code = strands.strategy_code
        and strand_units.strand_code = strands.strand_code
),

covered_months as (
    select
        periods.*,
        count(*) filter (
            where supplied_months.month between periods.first_month
            and periods.last_month
        ) as supplied_count,
        count(*) filter (
            where supplied_months.month
            between periods.first_month - interval 12 month
            and periods.last_month - interval 12 month
        ) as supplied_count_before
    from periods
    left join supplied_months on periods.force_code = supplied_months.force_code
    group by all
),

coverage as (
    select
        *,
        supplied_count = month_count as is_covered,
        supplied_count_before = month_count as is_covered_before
    from covered_months
),

-- A unit's rows are what it has ever reported. Before the first record of a unit, or of
-- such a part of its results, nothing was measured: that is no base of 0.
known as (
    select
        *,
        min(month) over (partition by force_code, breakdown, category)
            as first_month_known,
        split_part(category, ': ', 1) as unit_name,
        nullif(split_part(category, ': ', 2), '') as part
    from breakdowns
    qualify
        row_number() over (
            partition by force_code, measure_code, breakdown, category order by month
        ) = 1
),

summed as (
    select
        coverage.quarter,
        coverage.force_code,
        coverage.unit_position,
        coverage.unit_name,
        coverage.strand_name,
        known.measure_code,
        known.part,
        coverage.first_month,
        coverage.last_month,
        coverage.is_covered and known.first_month_known <= coverage.last_month
            as is_covered,
        coverage.is_covered_before
        and known.first_month_known <= coverage.last_month - interval 12 month
            as is_covered_before,
        coalesce(sum(breakdowns.value) filter (
            where breakdowns.month between coverage.first_month and coverage.last_month
        ), 0) as quantity,
        coalesce(sum(breakdowns.value) filter (
            where breakdowns.month
            between coverage.first_month - interval 12 month
            and coverage.last_month - interval 12 month
        ), 0) as year_before_quantity
    from coverage
    inner join known
        on coverage.force_code = known.force_code
        and coverage.unit_name = known.unit_name
    left join breakdowns
        on known.force_code = breakdowns.force_code
        and known.measure_code = breakdowns.measure_code
        and known.breakdown = breakdowns.breakdown
        and known.category = breakdowns.category
    group by all
),

named as (
    select
        summed.quarter,
        summed.force_code,
        row_number() over (
            partition by summed.quarter, summed.force_code
            order by
                summed.unit_position,
                measures.measure_position,
                summed.part nulls first
        ) as row_position,
        summed.strand_name as strand,
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
    inner join measures on summed.measure_code = measures.measure_code
)

select * from named
