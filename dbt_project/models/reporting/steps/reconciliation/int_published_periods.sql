-- Published figures that are in no table of the quarter's report, computed from the
-- long facts over the period for which each was printed.

with

published as (
    select * from {{ ref('published_figures') }}
    where statistic is not null and measure_code is not null
),

measures_by_area as (
    select * from {{ ref('int_measures_by_area') }}
    where area_level <> 'combined_area'
),

stocks as (
    select * from {{ ref('int_supplementary_by_force') }}
),

flows as (
    select
        published.force_code,
        published.quarter,
        published.figure_id,
        published.statistic,
        count(*) filter (where measures_by_area.value is null) > 0 as has_gap,
        sum(measures_by_area.value) filter (
            where measures_by_area.month
            between published.period_start and published.period_end
        ) as value,
        sum(measures_by_area.value) filter (
            where measures_by_area.month
            between published.base_start and published.base_end
        ) as base
    from published
    inner join measures_by_area
        on published.force_code = measures_by_area.force_code
        and published.measure_code = measures_by_area.measure_code
        and published.area_level = measures_by_area.area_level
        and list_contains(
            string_split(published.area_codes, '|'), measures_by_area.area_code
        )
        and (
            measures_by_area.month
            between published.period_start and published.period_end
            or measures_by_area.month
            between published.base_start and published.base_end
        )
    where published.statistic <> 'stock'
    group by all
),

at_month_end as (
    select
        published.force_code,
        published.quarter,
        published.figure_id,
        stocks.value
    from published
    inner join stocks
        on published.force_code = stocks.force_code
        and published.measure_code = stocks.measure_code
        and last_day(stocks.month) = published.period_end
    where published.statistic = 'stock'
),

computed as (
    select
        force_code,
        quarter,
        figure_id,
        case
            when has_gap then null
            when statistic = 'total' then value
            when statistic = 'difference' then value - base
        end as value,
        case when statistic = 'pct_change' and not has_gap then value - base end
            as numerator,
        case when statistic = 'pct_change' and not has_gap then base end as denominator
    from flows
    union all
    select
        force_code,
        quarter,
        figure_id,
        value,
        null as numerator,
        null as denominator
    from at_month_end
)

select * from computed
