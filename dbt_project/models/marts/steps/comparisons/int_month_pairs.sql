-- Pairs of months for each comparison: the last 12 months of its period, each with the
-- same calendar month in the 12 months up to the end of its base. Only for counts of
-- events: amounts in pounds and kilograms have no interval.

with

comparable_areas as (
    select * from {{ ref('int_measures_by_area') }}
    where value is not null
),

measures as (
    select * from {{ ref('dim_measures') }}
    where {{ counts_events('unit') }}
),

windows as (
    select distinct
        period_end,
        base_end
    from {{ ref('int_compared_periods') }}
    where is_same_season
),

counts as (
    select comparable_areas.*
    from comparable_areas
    inner join measures on comparable_areas.measure_code = measures.measure_code
),

window_months as (
    select
        period_end,
        base_end,
        unnest(generate_series(
            date_trunc('month', period_end) - interval 11 month,
            period_end,
            interval 1 month
        )) as month
    from windows
),

-- Each month's distance to the end of the period (0 to 11), and its month in the base.
paired_months as (
    select
        period_end,
        base_end,
        cast(month as date) as month,
        date_diff('month', month, period_end) as months_before_end,
        cast(
            date_trunc('month', base_end)
            - to_months((month(base_end) - month(month) + 12) % 12) as date
        ) as base_month
    from window_months
),

pairs as (
    select
        current_months.force_code,
        current_months.measure_code,
        current_months.area_level,
        current_months.area_code,
        paired_months.period_end,
        paired_months.base_end,
        paired_months.months_before_end,
        cast(base_months.value as double) as base_value,
        cast(current_months.value as double) as current_value
    from paired_months
    inner join counts as current_months
        on paired_months.month = current_months.month
    inner join counts as base_months
        on paired_months.base_month = base_months.month
        and current_months.force_code = base_months.force_code
        and current_months.measure_code = base_months.measure_code
        and current_months.area_level = base_months.area_level
        and current_months.area_code = base_months.area_code
)

select * from pairs
