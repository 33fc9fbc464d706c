-- Region and force: the quarter against the one before and the same one of last year.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
    where source_extract = 'prevent_referrals'
),

by_force as (
    select * from {{ ref('int_supplementary_by_force') }}
),

quarters as (
    select
        quarter,
        min(date_day) as start_date
    from {{ ref('dim_dates') }}
    group by all
),

quarterly as (
    select
        by_force.force_code,
        by_force.measure_code,
        quarters.start_date,
        case when count(by_force.value) = 3 then sum(by_force.value) end as value
    from by_force
    inner join quarters
        on by_force.month between quarters.start_date
        and quarters.start_date + interval 2 month
    group by all
),

compared as (
    select
        reports.quarter,
        reports.force_code,
        row_number() over (
            partition by reports.quarter, reports.force_code
            order by measures.measure_position desc
        ) as row_position,
        measures.measure_code as measure,
        measures.measure_name,
        year_before.value as year_before,
        quarter_before.value as quarter_before,
        this.value as this_quarter,
        this.value - quarter_before.value as quarter_before_difference,
        this.value - year_before.value as year_before_difference
    from reports
    cross join measures
    left join quarterly as this
        on reports.force_code = this.force_code
        and measures.measure_code = this.measure_code
        and reports.start_date = this.start_date
    left join quarterly as quarter_before
        on reports.force_code = quarter_before.force_code
        and measures.measure_code = quarter_before.measure_code
        and reports.start_date - interval 3 month = quarter_before.start_date
    left join quarterly as year_before
        on reports.force_code = year_before.force_code
        and measures.measure_code = year_before.measure_code
        and reports.start_date - interval 12 month = year_before.start_date
),

shared as (
    select
        quarter,
        force_code,
        row_position,
        measure,
        measure_name,
        cast(year_before as bigint) as year_before,
        cast(quarter_before as bigint) as quarter_before,
        cast(this_quarter as bigint) as this_quarter,
        cast(quarter_before_difference as bigint) as quarter_before_difference,
        {{ percentage('quarter_before_difference', 'quarter_before') }}
            as quarter_before_pct,
        cast(year_before_difference as bigint) as year_before_difference,
        {{ percentage('year_before_difference', 'year_before') }} as year_before_pct,
        {{ status(
            'quarter_before_difference + year_before_difference is not null'
        ) }} as status
    from compared
)

select * from shared
