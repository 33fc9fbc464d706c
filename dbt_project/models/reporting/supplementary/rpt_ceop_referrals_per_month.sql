-- The quarter's months and those of the same quarter of last year: lowest, highest and
-- their mean.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

referrals as (
    select * from {{ ref('int_supplementary_by_force') }}
    where measure_code = 'ceop_referrals'
),

quarters as (
    select
        quarter,
        quarter_label,
        min(date_day) as start_date,
        max(date_day) as end_date
    from {{ ref('dim_dates') }}
    group by all
),

summarised as (
    select
        reports.quarter,
        reports.force_code,
        quarters.quarter_label,
        quarters.start_date,
        count(referrals.value) = 3 as is_whole,
        min(referrals.value) as lowest,
        max(referrals.value) as highest,
        sum(referrals.value) as total
    from reports
    inner join quarters
        on quarters.start_date in (
            reports.start_date, reports.start_date - interval 12 month
        )
    left join referrals
        on reports.force_code = referrals.force_code
        and referrals.month between quarters.start_date and quarters.end_date
    group by all
),

numbered as (
    select
        quarter,
        force_code,
        row_number() over (
            partition by quarter, force_code order by start_date
        ) as row_position,
        quarter_label as own_period,
        cast(case when is_whole then lowest end as bigint) as lowest,
        cast(case when is_whole then highest end as bigint) as highest,
        cast(
            case
                when is_whole
                    then
                        0.1
                        * {{ divide_half_away('cast(10 * total as hugeint)', '3') }}
            end as decimal(12, 1)
        ) as monthly_average,
        {{ status('is_whole') }} as status
    from summarised
)

select * from numbered
