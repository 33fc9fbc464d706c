-- The delivery plan as it stood at the quarter's cut-off.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

strands as (
    select * from {{ ref('dim_strands') }}
),

action_versions as (
    select * from {{ ref('fct_action_versions') }}
),

at_cut_off as (
    select
        reports.quarter,
        reports.force_code,
        action_versions.strand_code,
        action_versions.action_status,
        action_versions.is_at_risk
    from reports
    inner join action_versions
        on reports.force_code = action_versions.force_code
        and cast(action_versions.valid_from as date) <= reports.plan_as_at_date
        and (
            action_versions.valid_to is null
            or cast(action_versions.valid_to as date) > reports.plan_as_at_date
        )
),

by_strand as (
    select
        reports.quarter,
        reports.force_code,
        strands.strand_position as row_position,
        strands.strand_name as strand,
        reports.plan_as_at_date is not null as is_available,
        count(at_cut_off.strand_code) as total,
        count(*) filter (where at_cut_off.action_status = 'Complete') as complete,
        count(*) filter (where at_cut_off.action_status = 'Ongoing') as ongoing,
        count(*) filter (where at_cut_off.is_at_risk) as at_risk
    from reports
    inner join strands on reports.strategy_code = strands.strategy_code
    left join at_cut_off
        on reports.quarter = at_cut_off.quarter
        and reports.force_code = at_cut_off.force_code
        and strands.strand_code = at_cut_off.strand_code
    group by all
),

in_all as (
    select
        quarter,
        force_code,
        max(row_position) + 1 as row_position,
        {{ wording("'total_row'") }} as strand,
        is_available,
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

with_status as (
    select
        quarter,
        force_code,
        row_position,
        strand,
        cast(case when is_available then total end as bigint) as total,
        cast(case when is_available then complete end as bigint) as complete,
        cast(case when is_available then ongoing end as bigint) as ongoing,
        cast(case when is_available then at_risk end as bigint) as at_risk,
        {{ status('is_available') }} as status
    from together
)

select * from with_status
