-- One report, one end (I01 and I02 of the published report).

{{ config(meta={'dagster': {'ref': {'name': 'rpt_rolling_12_months'}}}) }}

with

rolling as (
    select * from {{ ref('rpt_rolling_12_months') }}
),

monthly_counts as (
    select * from {{ ref('rpt_monthly_counts') }}
),

dates as (
    select * from {{ ref('dim_dates') }}
),

quarter_ends as (
    select
        quarter,
        max(date_day) as end_date
    from dates
    group by all
),

period_ends as (
    select
        quarter,
        period_end
    from rolling
    union all
    select
        quarter,
        last_day(cast(max(month) || '-01' as date)) as period_end
    from monthly_counts
    group by quarter, force_code, measure
)

select * from period_ends
inner join quarter_ends using (quarter)
where period_ends.period_end <> quarter_ends.end_date
