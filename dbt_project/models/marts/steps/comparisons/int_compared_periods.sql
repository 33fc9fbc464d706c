-- Each kind of comparison at the end of each month: the period, and the base that it is
-- compared with. The two never overlap. The financial year begins on 1 April, so its
-- quarters end with calendar quarters. The months that a force supplied in both years
-- are periods of this force alone.

with

comparisons as (
    select * from {{ ref('comparisons') }}
),

same_months as (
    select distinct
        force_code,
        period_end,
        month_count
    from {{ ref('int_same_months') }}
),

dates as (
    select * from {{ ref('dim_dates') }}
),

months as (
    select distinct
        month_start_date as month,
        date_diff(
            'month', make_date(financial_year_start, 4, 1), month_start_date
        ) as months_since_1_april
    from dates
),

quarter_labels as (
    select
        date_day,
        quarter_label
    from dates
),

with_length as (
    select
        comparisons.comparison_code,
        cast(null as varchar) as force_code,
        comparisons.period_months,
        months.month,
        coalesce(
            comparisons.period_months, months.months_since_1_april + 1
        ) as month_count,
        coalesce(
            comparisons.base_end_month,
            months.month - to_months(comparisons.base_months_before)
        ) as base_end_month
    from comparisons
    inner join months
        on comparisons.ends_with = 'month'
        or (comparisons.ends_with = 'quarter' and month(months.month) % 3 = 0)
    union all
    select
        comparisons.comparison_code,
        same_months.force_code,
        comparisons.period_months,
        cast(date_trunc('month', same_months.period_end) as date) as month,
        same_months.month_count,
        cast(
            date_trunc('month', same_months.period_end)
            - to_months(comparisons.base_months_before) as date
        ) as base_end_month
    from comparisons
    cross join same_months
    where comparisons.ends_with = 'supply'
),

dated as (
    select
        comparison_code,
        force_code,
        period_months,
        month_count,
        cast(month - to_months(cast(month_count - 1 as integer)) as date)
            as period_start,
        last_day(month) as period_end,
        cast(base_end_month - to_months(cast(month_count - 1 as integer)) as date)
            as base_start,
        last_day(base_end_month) as base_end,
        -- Both periods have the same calendar months, so the season does not differ.
        month_count = 12 or month(month) = month(base_end_month) as is_same_season
    from with_length
    where month - to_months(cast(month_count - 1 as integer)) > base_end_month
),

labelled as (
    select
        dated.comparison_code,
        dated.force_code,
        dated.month_count,
        {{ period_words(
            'dated.period_months',
            'dated.period_start',
            'dated.period_end',
            'period_quarters.quarter_label',
        ) }} as period_label,
        {{ period_words(
            'dated.period_months',
            'dated.base_start',
            'dated.base_end',
            'base_quarters.quarter_label',
        ) }} as base_period_label,
        dated.period_start,
        dated.period_end,
        dated.base_start,
        dated.base_end,
        dated.is_same_season
    from dated
    left join quarter_labels as period_quarters
        on dated.period_end = period_quarters.date_day
    left join quarter_labels as base_quarters
        on dated.base_end = base_quarters.date_day
)

select * from labelled
