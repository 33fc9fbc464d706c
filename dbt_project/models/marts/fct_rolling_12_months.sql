with

measures_by_area as (
    select * from {{ ref('int_measures_by_area') }}
),

-- The spine has every month, so twelve rows are twelve months; a month that was not
-- supplied leaves its windows without a value.
summed as (
    select
        force_code,
        measure_code,
        area_level,
        area_code,
        last_day(month) as period_end,
        cast(
            case
                when count(value) over previous_12 = 12
                    then sum(value) over previous_12
            end
            as decimal(18, 3)
        ) as previous_12_months,
        cast(
            case
                when count(value) over current_12 = 12
                    then sum(value) over current_12
            end
            as decimal(18, 3)
        ) as current_12_months
    from measures_by_area
    window
        current_12 as (
            partition by force_code, measure_code, area_level, area_code
            order by month
            rows between 11 preceding and current row
        ),
        previous_12 as (
            partition by force_code, measure_code, area_level, area_code
            order by month
            rows between 23 preceding and 12 preceding
        )
),

compared as (
    select
        *,
        cast(current_12_months - previous_12_months as decimal(18, 3)) as difference
    from summed
),

with_share as (
    select
        *,
        {{ percentage('difference', 'previous_12_months') }} as difference_pct
    from compared
)

select * from with_share
