{{ config(materialized='table') }}

-- Every figure that a table can show, with all columns of its identity. A figure that
-- was not supplied has a row without a value; a figure without a row does not exist.
-- Made here are the figures of comparisons and outcomes (counts, changes with their
-- limits and their code, shares, rates), of usual ranges, of the delivery plan and of
-- held lines.

with

comparisons as (
    select * from {{ ref('fct_comparisons') }}
),

open_rates as (
    select * from {{ ref('int_open_rates') }}
),

open_force_rates as (
    select * from {{ ref('int_open_force_rates') }}
),

range_rows as (
    select * from {{ ref('int_range_rows') }}
),

open_rules as (
    select * from {{ ref('measure_rules') }}
    where crime_type is not null
),

open_measures as (
    select distinct measure_code from open_rules
),

-- Measures of open data have rates in their districts, and all others have counts.
all_report_areas as (
    select distinct
        areas.force_code,
        areas.measure_code,
        areas.area_level,
        areas.area_code,
        areas.quarter_end_date,
        open_measures.measure_code is not null as is_open
    from {{ ref('int_report_areas') }} as areas
    left join open_measures
        on areas.measure_code = open_measures.measure_code
),

report_areas as (
    select distinct
        force_code,
        measure_code,
        area_level,
        area_code
    from all_report_areas
    where not is_open
),

solved as (
    select
        * exclude (period_end),
        {{ first_day_of_months(12, 'period_end') }} as first_day,
        period_end as last_day,
        {{ first_day_of_months(24, 'period_end') }} as base_first_day,
        last_day(period_end - interval 12 month) as base_last_day
    from {{ ref('fct_solved_12_months') }}
    where area_level = 'force'
),

open_months as (
    select * from {{ ref('fct_open_crimes_monthly') }}
    where area_level = 'force'
),

force_areas as (
    select * from {{ ref('dim_areas') }}
    where area_level = 'force'
),

plan_strands as (
    select * from {{ ref('int_plan_strands') }}
),

late_actions as (
    select * from {{ ref('int_plan_rows') }}
    where days_late > 0
),

held_lines as (
    select
        force_code,
        measure_code,
        breakdown,
        category,
        first_day,
        last_day,
        held_line_count as value
    from {{ ref('int_category_rows') }}
    where measure_code = 'held_lines'
),

-- The comparisons of a force or a region, and those of areas that have a row. A
-- national archive has fifty times as many comparisons.
shown as (
    select comparisons.*
    from comparisons
    left join report_areas
        on comparisons.force_code = report_areas.force_code
        and comparisons.measure_code = report_areas.measure_code
        and comparisons.area_level = report_areas.area_level
        and comparisons.area_code = report_areas.area_code
    where
        comparisons.area_level in ('force', 'region')
        or report_areas.area_code is not null
),

counts as (
    select distinct
        force_code,
        measure_code,
        area_level,
        area_code,
        unnest([period_start, base_start]) as first_day,
        unnest([period_end, base_end]) as last_day,
        'count' as statistic,
        unnest([current_total, base_total]) as value
    from shown
),

-- `distinct`, because two comparisons can have the same periods: the first month of a
-- quarter is also the month two months before its last.
changes as (
    select distinct
        force_code,
        measure_code,
        area_level,
        area_code,
        {{ figures_of_change('base_total', 'total_difference') }}
    from shown
),

solved_counts as (
    select distinct
        force_code,
        measure_code,
        area_level,
        area_code,
        unnest([first_day, base_first_day]) as first_day,
        unnest([last_day, base_last_day]) as last_day,
        'solved_count' as statistic,
        unnest([current_solved, previous_solved]) as value
    from solved
),

solved_shares as (
    select distinct
        force_code,
        measure_code,
        area_level,
        area_code,
        unnest([first_day, base_first_day]) as first_day,
        unnest([last_day, base_last_day]) as last_day,
        'solved_share' as statistic,
        unnest([current_solved_pct, previous_solved_pct]) as value,
        unnest([current_solved, previous_solved]) as numerator,
        unnest([current_recorded, previous_recorded]) as denominator
    from solved
),

solved_changes as (
    select
        force_code,
        measure_code,
        area_level,
        area_code,
        first_day,
        last_day,
        base_first_day,
        base_last_day,
        'share_points' as statistic,
        difference_points as value,
        change_code
    from solved
),

-- Outcomes of 12 months of open data, for each measure of one or several crime types.
open_outcomes as (
    select
        open_months.force_code,
        open_rules.measure_code,
        last_day(open_months.month) as period_end,
        {{ sum_of_known('open_months.crimes_12_months') }} as recorded,
        {{ sum_of_known('open_months.positive_12_months') }} as positives,
        {{ sum_of_known('open_months.known_outcome_12_months') }} as known_outcomes,
        force_areas.population
    from open_months
    inner join open_rules on open_months.crime_type = open_rules.crime_type
    inner join force_areas on open_months.force_code = force_areas.force_code
    group by all
),

open_figures as (
    select
        force_code,
        measure_code,
        'force' as area_level,
        force_code as area_code,
        {{ first_day_of_months(12, 'period_end') }} as first_day,
        period_end as last_day,
        unnest([
            'known_outcome_count',
            'positive_outcome_count',
            'positive_share',
            'rate_per_1000'
        ]) as statistic,
        unnest([
            known_outcomes,
            positives,
            {{ percentage('positives', 'known_outcomes') }},
            {{ rate_per_1000('recorded', 'population') }}
        ]) as value,
        unnest([null, null, positives, null]) as numerator,
        unnest([null, null, known_outcomes, null]) as denominator
    from open_outcomes
),

open_district_rates as (
    select
        areas.force_code,
        areas.measure_code,
        areas.area_level,
        areas.area_code,
        {{ first_day_of_months(12, 'areas.quarter_end_date') }} as first_day,
        areas.quarter_end_date as last_day,
        'rate_per_1000' as statistic,
        rates.rate_per_1000 as value
    from all_report_areas as areas
    left join open_rates as rates
        on areas.force_code = rates.force_code
        and areas.measure_code = rates.measure_code
        and areas.area_code = rates.area_code
        and areas.quarter_end_date = rates.period_end
    where areas.is_open and areas.area_level <> 'force'
),

-- The force's own rate is a figure above. Two quarters can be compared over the same 12
-- months.
among_forces as (
    select distinct
        force_code,
        measure_code,
        'force' as area_level,
        force_code as area_code,
        {{ first_day_of_months(12, 'period_end') }} as first_day,
        period_end as last_day,
        unnest(['middle_rate', 'highest_rate', 'force_place', 'force_count'])
            as statistic,
        unnest([
            cast(middle_rate as decimal(18, 3)),
            highest_rate,
            force_place,
            force_count
        ]) as value
    from open_force_rates
),

range_limits as (
    select distinct
        force_code,
        measure_code,
        area_level,
        area_code,
        first_day,
        last_day,
        unnest(['range_lower', 'range_average', 'range_upper']) as statistic,
        unnest([lower_limit, average, upper_limit]) as value
    from range_rows
),

by_strand as (
    select distinct
        force_code,
        unnest([
            'plan_actions_total',
            'plan_actions_complete',
            'plan_actions_ongoing',
            'plan_actions_at_risk'
        ]) as measure_code,
        if(is_total, null, 'strand') as breakdown,
        if(is_total, null, strand) as category,
        plan_day as first_day,
        plan_day as last_day,
        unnest([total, complete, ongoing, at_risk]) as value
    from plan_strands
),

days_late as (
    select distinct
        force_code,
        if(table_name = 'actions_overdue', 'days_overdue', 'days_slipped')
            as measure_code,
        breakdown,
        category,
        first_day,
        last_day,
        if(table_name = 'actions_overdue', null, base_first_day) as base_first_day,
        if(table_name = 'actions_overdue', null, base_last_day) as base_last_day,
        days_late as value
    from late_actions
),

of_the_plan as (
    select * from by_strand
    union all by name
    select * from days_late
    union all by name
    select * from held_lines
),

plan_figures as (
    select
        *,
        'force' as area_level,
        force_code as area_code,
        'count' as statistic
    from of_the_plan
),

made_here as (
    select * from counts
    union all by name
    select * from changes
    union all by name
    select * from solved_counts
    union all by name
    select * from solved_shares
    union all by name
    select * from solved_changes
    union all by name
    select * from open_figures
    union all by name
    select * from open_district_rates
    union all by name
    select * from among_forces
    union all by name
    select * from range_limits
    union all by name
    select * from plan_figures
),

-- No decimal type has both the digits of sums and the places of other values, so all
-- are cast to this one.
exact as (
    select
        * replace (
            cast(value as decimal(18, 3)) as value,
            cast(numerator as decimal(18, 3)) as numerator,
            cast(denominator as decimal(18, 3)) as denominator
        )
    from made_here
),

together as (
    select * from exact
    union all by name
    select * from {{ ref('int_supplementary_figures') }}
    union all by name
    select * from {{ ref('int_category_figures') }}
),

identified as (
    select
        force_code,
        {{ figure_id() }} as figure_id,
        measure_code,
        breakdown,
        category,
        area_level,
        area_code,
        statistic,
        change_code,
        value,
        numerator,
        denominator,
        first_day,
        last_day,
        base_first_day,
        base_last_day
    from together
)

select * from identified
