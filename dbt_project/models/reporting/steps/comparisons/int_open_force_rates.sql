-- The rate of each measure of open data beside those of the other forces in the home,
-- over the latest 12 months for which three quarters of them have every month, or else
-- the most. None ends more than 11 months before the quarter does. A force
-- with fewer than 100,000 residents has rates that say little, and is left out. Two
-- forces are not compared. A measure that cannot be compared has a row without rates.

with

reports as (
    select * from {{ ref('dim_reports') }}
    where origin = 'open data'
),

supplied_forces as (
    select distinct force_code from {{ ref('int_supplied_months') }}
    where extract = 'police_uk_street'
),

areas as (
    select * from {{ ref('dim_areas') }}
    where area_level = 'force'
),

-- Whether the force's rates are compared: a force without districts has no residents.
home_forces as (
    select
        areas.force_code,
        areas.area_name as force_name,
        coalesce(areas.population >= 100000, false) as is_populous
    from areas
    inner join supplied_forces on areas.force_code = supplied_forces.force_code
),

rates as (
    select open_rates.*
    from {{ ref('int_open_rates') }} as open_rates
    inner join home_forces
        on open_rates.force_code = home_forces.force_code
        and home_forces.is_populous
    where open_rates.area_level = 'force'
),

open_measures as (
    select distinct measure_code from {{ ref('measure_rules') }}
    where crime_type is not null
),

complete_periods as (
    select distinct
        open_months.force_code,
        last_day(open_months.month) as period_end
    from {{ ref('fct_open_crimes_monthly') }} as open_months
    inner join home_forces
        on open_months.force_code = home_forces.force_code
        and home_forces.is_populous
    where
        open_months.area_level = 'force'
        and open_months.crimes_12_months is not null
),

-- A force can have all months, but not a rate of all crime: a crime type is missing.
with_all_months as (
    select
        *,
        count(*) over (partition by period_end) as force_count
    from complete_periods
),

rates_of_all_crime as (
    select * from rates
    where measure_code = 'open_all_crime'
),

-- One force without its latest month does not make the comparison of all others older.
enough as (
    select ceil(0.75 * count(*)) as force_count from home_forces
    where is_populous
),

possible as (
    select
        reports.quarter,
        reports.force_code,
        with_all_months.period_end,
        with_all_months.force_count,
        row_number() over (
            partition by reports.quarter, reports.force_code
            order by
                least(with_all_months.force_count, enough.force_count) desc,
                with_all_months.period_end desc
        ) as place
    from reports
    inner join with_all_months
        on reports.force_code = with_all_months.force_code
        and reports.quarter_end_date >= with_all_months.period_end
        and last_day(reports.quarter_end_date - interval 11 month)
        <= with_all_months.period_end
    cross join enough
),

chosen as (
    select
        quarter,
        force_code,
        period_end
    from possible
    where place = 1 and force_count >= 3
),

left_out as (
    select
        chosen.quarter,
        chosen.force_code,
        list(home_forces.force_name order by home_forces.force_name)
        filter (where not home_forces.is_populous) as few_residents,
        list(home_forces.force_name order by home_forces.force_name)
        filter (
            where home_forces.is_populous and with_all_months.force_code is null
        ) as months_missing,
        list(home_forces.force_name order by home_forces.force_name)
        filter (where with_all_months.force_code is not null) as types_missing
    from chosen
    cross join home_forces
    left join with_all_months
        on chosen.period_end = with_all_months.period_end
        and home_forces.force_code = with_all_months.force_code
    left join rates_of_all_crime
        on chosen.period_end = rates_of_all_crime.period_end
        and home_forces.force_code = rates_of_all_crime.force_code
    where rates_of_all_crime.force_code is null
    group by all
),

ranked as (
    select
        chosen.quarter,
        chosen.force_code,
        rates.measure_code,
        chosen.period_end,
        rates.force_code as rated_force,
        rates.rate_per_1000,
        rank() over (
            of_measure order by rates.crimes_12_months / rates.population desc
        ) as force_place,
        rates.crimes_12_months,
        cast(rates.population as hugeint) as population,
        row_number() over (
            of_measure order by rates.crimes_12_months / rates.population
        ) as place_upwards,
        count(*) over of_measure as force_count
    from chosen
    inner join rates on chosen.period_end = rates.period_end
    window of_measure as (
        partition by chosen.quarter, chosen.force_code, rates.measure_code
    )
),

-- The middle force has as many above as below it. For an even number, it is the mean of
-- the two in the middle, before they are rounded.
two_in_the_middle as (
    select
        quarter,
        force_code,
        measure_code,
        min_by(crimes_12_months, place_upwards) as lower_crimes,
        min_by(population, place_upwards) as lower_population,
        max_by(crimes_12_months, place_upwards) as upper_crimes,
        max_by(population, place_upwards) as upper_population
    from ranked
    where place_upwards in ((force_count + 1) // 2, (force_count + 2) // 2)
    group by all
),

middles as (
    select
        quarter,
        force_code,
        measure_code,
        cast(
            {{ rounded_quotient(
                '1000 * (lower_crimes * upper_population'
                ~ ' + upper_crimes * lower_population)',
                '2 * lower_population * upper_population',
                '1',
            ) }} as decimal(12, 1)
        ) as middle_rate
    from two_in_the_middle
),

compared as (
    select
        ranked.quarter,
        ranked.force_code,
        ranked.measure_code,
        max(ranked.rate_per_1000) filter (where ranked.rated_force = ranked.force_code)
            as rate_per_1000,
        middles.middle_rate,
        max(ranked.rate_per_1000) as highest_rate,
        max(ranked.force_place) filter (where ranked.rated_force = ranked.force_code)
            as force_place,
        ranked.force_count,
        list(ranked.rate_per_1000 order by ranked.rate_per_1000) as rates
    from ranked
    inner join middles
        on ranked.quarter = middles.quarter
        and ranked.force_code = middles.force_code
        and ranked.measure_code = middles.measure_code
    where ranked.force_count >= 3
    group by all
),

told as (
    select
        chosen.quarter,
        chosen.force_code,
        open_measures.measure_code,
        chosen.period_end,
        compared.rate_per_1000,
        compared.middle_rate,
        compared.highest_rate,
        compared.force_place,
        compared.force_count,
        compared.rates,
        coalesce(left_out.few_residents, []) as few_residents,
        coalesce(left_out.months_missing, []) as months_missing,
        coalesce(left_out.types_missing, []) as types_missing
    from chosen
    cross join open_measures
    left join compared
        on chosen.quarter = compared.quarter
        and chosen.force_code = compared.force_code
        and open_measures.measure_code = compared.measure_code
        and compared.rate_per_1000 is not null
    left join left_out
        on chosen.quarter = left_out.quarter
        and chosen.force_code = left_out.force_code
)

select * from told
