-- Published figures that count the strands of the quarter's report.

with

published as (
    select * from {{ ref('published_figures') }}
    where statistic in ('strands', 'strands_at_risk')
),

reports as (
    select * from {{ ref('dim_reports') }}
),

strands as (
    select * from {{ ref('dim_strands') }}
),

plan_progress as (
    select * from {{ ref('int_plan_progress') }}
),

counted as (
    select
        published.force_code,
        published.quarter,
        published.figure_id,
        case published.statistic
            when 'strands' then count(*)
            else count(*) filter (where plan_progress.at_risk > 0)
        end as value
    from published
    inner join reports
        on published.force_code = reports.force_code
        and published.quarter = reports.quarter
    inner join strands on reports.strategy_code = strands.strategy_code
    left join plan_progress
        on published.force_code = plan_progress.force_code
        and published.quarter = plan_progress.quarter
        and strands.strand_name = plan_progress.strand
    group by
        published.force_code,
        published.quarter,
        published.figure_id,
        published.statistic
)

select * from counted
