-- The delivery plan of a quarter: one row per strand and the total, with the change
-- since the plan of the quarter before and the length of each list of actions.
-- A percentage is rounded half away from zero in whole numbers.

with

progress as (
    select * from reporting.rpt_delivery_progress
    where quarter = $quarter and force_code = $force_code and status = 'available'
),

previous as (
    select compared.*
    from reporting.rpt_delivery_progress_compared as compared
    inner join reporting.rpt_reports as reports
        on compared.quarter = reports.quarter
        and compared.force_code = reports.force_code
    where compared.quarter = $quarter
        and compared.force_code = $force_code
        and compared.status = 'available'
        and compared.plan_quarter <> reports.quarter_label
),

listed as (
    select quarter, force_code, strand, status, action_title, 'delivered' as list
    from reporting.rpt_actions_delivered
    union all by name
    select quarter, force_code, strand, status, action_title, 'scheduled' as list
    from reporting.rpt_actions_scheduled
    union all by name
    select quarter, force_code, strand, status, action_title, 'overdue' as list
    from reporting.rpt_actions_overdue
    union all by name
    select quarter, force_code, strand, status, action_title, 'moved' as list
    from reporting.rpt_actions_slipped
    union all by name
    select quarter, force_code, strand, status, action_title, 'unowned' as list
    from reporting.rpt_actions_without_owner
),

own as (
    select * from listed
    where quarter = $quarter
        and force_code = $force_code
        and status = 'available'
        and action_title is not null
),

counted as (
    select
        coalesce(strand, $total) as strand,
        count(*) filter (list = 'delivered') as delivered_count,
        count(*) filter (list = 'scheduled') as scheduled_count,
        count(*) filter (list = 'overdue') as overdue_count,
        count(*) filter (list = 'moved') as moved_count,
        count(*) filter (list = 'unowned') as unowned_count
    from own
    group by rollup (strand)
),

compared as (
    select
        progress.strand,
        progress.total,
        progress.complete,
        progress.ongoing,
        progress.at_risk,
        case when progress.total > 0 then (
            (2000 * progress.complete + progress.total) // (2 * progress.total)
        )::decimal(12, 0) / 10 end::decimal(12, 1) as complete_pct,
        progress.complete - previous.complete as complete_change,
        previous.complete as previous_complete,
        previous.at_risk as previous_at_risk,
        previous.plan_as_at_date as previous_as_at,
        coalesce(counted.delivered_count, 0) as delivered_count,
        coalesce(counted.scheduled_count, 0) as scheduled_count,
        coalesce(counted.overdue_count, 0) as overdue_count,
        coalesce(counted.moved_count, 0) as moved_count,
        coalesce(counted.unowned_count, 0) as unowned_count,
        progress.row_position
    from progress
    left join previous on progress.strand = previous.strand
    left join counted on progress.strand = counted.strand
)

select * from compared
order by row_position
