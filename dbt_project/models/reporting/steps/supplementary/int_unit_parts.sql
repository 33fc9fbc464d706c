-- Each part (such as a drug class) that a unit has ever reported. Before its first
-- record a part was not measured, so it has no base of 0. A rare part, which most
-- months of the unit lack, may really have been 0 before its first record.

with

breakdowns as (
    select * from {{ ref('fct_measure_breakdowns_monthly') }}
    where breakdown in ('unit', 'unit_and_drug_class', 'unit_and_person_kind')
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
        with_units.first_month,
        with_units.month_count
        < with_units.unit_month_count * {{ supply_rule('usual_share') }} as is_rare
    from breakdowns
    inner join with_units using (force_code, breakdown, category)
)

select * from reported
