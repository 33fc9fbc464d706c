-- Supplied months without evidence of a unit's results: those before its first line
-- and, if the unit has a line in most months, those without one. A line of another
-- result of the unit is evidence, and so is a line with the quantity 0.

with

breakdowns as (
    select * from {{ ref('fct_measure_breakdowns_monthly') }}
    where breakdown = 'unit'
),

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
    where extract = 'operational_results' and is_supplied
),

categories as (
    select * from {{ ref('categories') }}
    where breakdown = 'unit'
),

held_lines as (
    select * from {{ ref('fct_quarantined_lines') }}
    where
        is_open and extract = 'operational_results' and not counts_as_before
),

loads as (
    select * from {{ ref('stg_register__loads') }}
),

unit_months as (
    select distinct
        force_code,
        category as unit_name,
        month
    from breakdowns
),

units as (
    select
        force_code,
        unit_name,
        min(month) as first_month,
        max(month) as last_month,
        count(*) as month_count
    from unit_months
    group by all
),

usual as (
    select
        units.force_code,
        units.unit_name,
        units.first_month,
        units.month_count
        >= count(*) * {{ supply_rule('usual_share') }} as is_monthly
    from units
    inner join supplied_months
        on units.force_code = supplied_months.force_code
        and supplied_months.month between units.first_month and units.last_month
    group by units.force_code, units.unit_name, units.first_month, units.month_count
),

silent as (
    select
        usual.force_code,
        usual.unit_name,
        supplied_months.month,
        supplied_months.month < usual.first_month as is_before_first
    from usual
    inner join supplied_months on usual.force_code = supplied_months.force_code
    anti join unit_months
        on usual.force_code = unit_months.force_code
        and usual.unit_name = unit_months.unit_name
        and supplied_months.month = unit_months.month
    where supplied_months.month < usual.first_month or usual.is_monthly
),

-- A held line whose unit is not listed could be any unit's.
held as (
    select
        loads.force_code,
        categories.category as unit_name,
        cast(
            date_trunc(
                'month', try_cast(held_lines.line_text ->> 'result_month' as date)
            ) as date
        ) as month,
        count(*) as line_count
    from held_lines
    inner join loads on held_lines.load_id = loads.load_id
    left join categories
        on held_lines.line_text ->> 'unit_name' = categories.category
    group by all
),

with_lines as (
    select
        silent.force_code,
        silent.unit_name,
        silent.month,
        coalesce(cast(sum(held.line_count) as bigint), 0) as line_count,
        silent.is_before_first
    from silent
    left join held
        on silent.force_code = held.force_code
        and silent.month = held.month
        and silent.unit_name = coalesce(held.unit_name, silent.unit_name)
    group by all
)

select * from with_lines
