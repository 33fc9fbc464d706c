-- The months for which each unit reports in each quarter, whether its results of all of
-- them are known, and each part (such as a drug class) of its results that it has ever
-- reported.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

result_periods as (
    select * from {{ ref('result_periods') }}
),

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
    where extract = 'operational_results' and is_supplied
),

silent_units as (
    select * from {{ ref('int_breakdown_gaps') }}
    where breakdown = 'unit'
),

breakdowns as (
    select * from {{ ref('fct_measure_breakdowns_monthly') }}
    where breakdown in ('unit', 'unit_and_drug_class', 'unit_and_person_kind')
),

periods as (
    select
        reports.quarter,
        reports.force_code,
        result_periods.unit_name,
        result_periods.month_count,
        cast(
            date_trunc('month', reports.quarter_end_date)
            - to_months(result_periods.month_count - 1) as date
        ) as first_month,
        cast(date_trunc('month', reports.quarter_end_date) as date) as last_month
    from reports
    cross join result_periods
),

known_months as (
    {{ unit_months('supplied_months', 'result_periods', 'silent_units') }}
),

known as (
    select
        periods.*,
        count(*) filter (
            where known_months.month between periods.first_month and periods.last_month
        ) as known_count
    from periods
    left join known_months using (force_code, unit_name)
    group by all
),

covered as (
    select
        quarter,
        force_code,
        unit_name,
        first_month,
        last_month,
        known_count = month_count as is_covered
    from known
),

part_months as (
    select distinct
        force_code,
        breakdown,
        category,
        split_part(category, ': ', 1) as unit_name,
        nullif(split_part(category, ': ', 2), '') as part,
        month
    from breakdowns
),

parts as (
    select
        * exclude (month),
        min(month) as first_month,
        count(*) as month_count
    from part_months
    group by all
),

-- Before its first record a part was not measured, so it has no base of 0. A rare part,
-- which most months of the unit lack, may really have been 0 before its first record.
with_units as (
    select
        parts.*,
        count(*) as unit_month_count
    from parts
    inner join part_months as unit_months
        on parts.force_code = unit_months.force_code
        and parts.unit_name = unit_months.category
        and parts.first_month <= unit_months.month
        and unit_months.breakdown = 'unit'
    group by all
),

reported as (
    select distinct
        breakdowns.force_code,
        breakdowns.measure_code,
        breakdowns.breakdown,
        breakdowns.category,
        with_units.unit_name,
        with_units.part,
        with_units.first_month as part_first_month,
        with_units.month_count
        < with_units.unit_month_count * {{ supply_rule('usual_share') }} as is_rare
    from breakdowns
    inner join with_units using (force_code, breakdown, category)
),

with_parts as (
    select
        covered.*,
        reported.* exclude (force_code, unit_name)
    from covered
    left join reported using (force_code, unit_name)
)

select * from with_parts
