-- The rate of each crime type of open data in each district, and how it compares with
-- the rate of its force. The district with the highest rate of all crime is first;
-- those with fewer than 10,000 residents, where one crime changes a rate, are last.

with

board_measures as (
    select * from {{ ref('rpt_board_measures') }}
),

reports as (
    select * from {{ ref('dim_reports') }}
    where origin = 'open data'
),

districts as (
    select * from {{ ref('int_districts') }}
),

rates as (
    select * from {{ ref('int_open_rates') }}
),

open_measures as (
    select distinct measure_code from rates
),

-- `base` is the force: its rate times 1.5 is compared as whole numbers, without the
-- rounding of a rate.
compared as (
    select
        board_measures.quarter,
        board_measures.force_code,
        board_measures.measure,
        districts.district_code,
        districts.district_name as area_name,
        rates.rate_per_1000,
        of_force.rate_per_1000 as force_rate_per_1000,
        of_all_crime.rate_per_1000 as all_crime_rate,
        coalesce(of_all_crime.population < 10000, false) as has_few_residents,
        100 * rates.crimes_12_months * of_force.population as scaled,
        of_force.crimes_12_months * rates.population as base
    from board_measures
    inner join reports using (quarter, force_code)
    inner join open_measures
        on board_measures.measure = open_measures.measure_code
    inner join districts on board_measures.force_code = districts.force_code
    left join rates
        on board_measures.force_code = rates.force_code
        and board_measures.measure = rates.measure_code
        and districts.district_code = rates.area_code
        and reports.quarter_end_date = rates.period_end
    left join rates as of_all_crime
        on board_measures.force_code = of_all_crime.force_code
        and of_all_crime.measure_code = 'open_all_crime'
        and districts.district_code = of_all_crime.area_code
        and reports.quarter_end_date = of_all_crime.period_end
    left join rates as of_force
        on board_measures.force_code = of_force.force_code
        and board_measures.measure = of_force.measure_code
        and board_measures.force_code = of_force.area_code
        and reports.quarter_end_date = of_force.period_end
),

classed as (
    select
        quarter,
        force_code,
        measure,
        row_number() over (
            partition by quarter, force_code, measure
            order by
                has_few_residents asc,
                all_crime_rate desc nulls last,
                area_name asc
        ) as row_position,
        area_name,
        rate_per_1000,
        force_rate_per_1000,
        case
            when base = 0 then null
            -- One printed rate beside the same one has no darker shade.
            when rate_per_1000 = force_rate_per_1000 then 'near'
            when scaled >= 150 * base then 'half_as_high_again'
            when scaled >= 115 * base then 'above'
            when scaled >= 85 * base then 'near'
            when scaled >= 50 * base then 'below'
            when scaled < 50 * base then 'less_than_half'
        end as rate_class,
        {{ status('rate_per_1000 is not null') }} as status
    from compared
)

select * from classed
