-- Actions by strand and in total. At risk is part of ongoing and is never added.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

strands as (
    select * from {{ ref('dim_strands') }}
),

plans as (
    select * from {{ ref('int_plans') }}
),

by_strand as (
    select
        reports.quarter,
        reports.force_code,
        strands.strand_position,
        strands.strand_name as strand,
        false as is_total,
        reports.plan_as_at_date is not null as is_available,
        reports.plan_as_at_date,
        count(plans.strand_code) as total,
        count(*) filter (where plans.action_status = 'Complete') as complete,
        count(*) filter (where plans.action_status = 'Ongoing') as ongoing,
        count(*) filter (where plans.is_at_risk) as at_risk
    from reports
    inner join strands on reports.strategy_code = strands.strategy_code
    left join plans
        on reports.quarter = plans.quarter
        and reports.force_code = plans.force_code
        and strands.strand_code = plans.strand_code
    group by all
),

in_all as (
    select
        quarter,
        force_code,
        max(strand_position) + 1 as strand_position,
        {{ wording("'total_row'") }} as strand,
        true as is_total,
        is_available,
        plan_as_at_date,
        sum(total) as total,
        sum(complete) as complete,
        sum(ongoing) as ongoing,
        sum(at_risk) as at_risk
    from by_strand
    group by all
),

together as (
    select * from by_strand
    union all
    select * from in_all
),

counted as (
    select
        quarter,
        force_code,
        strand_position,
        strand,
        cast(case when is_available then total end as bigint) as total,
        cast(case when is_available then complete end as bigint) as complete,
        cast(case when is_available then ongoing end as bigint) as ongoing,
        cast(case when is_available then at_risk end as bigint) as at_risk,
        is_total,
        is_available,
        plan_as_at_date
    from together
)

select * from counted
