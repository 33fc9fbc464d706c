-- The quarter, the one before and the same quarter of last year: sums of numerators
-- over sums of denominators.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

table_measures as (
    select * from {{ ref('table_measures') }}
    where table_name = 'quarter_shares'
),

measures as (
    select * from {{ ref('dim_measures') }}
),

by_force as (
    select * from {{ ref('int_supplementary_by_force') }}
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

wanted as (
    select
        reports.quarter,
        reports.force_code,
        measures.measure_code,
        measures.measure_name,
        quarters.quarter_label,
        quarters.start_date,
        quarters.end_date,
        row_number() over (
            partition by reports.quarter, reports.force_code
            order by table_measures.measure_position, quarters.start_date
        ) as row_position
    from reports
    cross join table_measures
    inner join measures on table_measures.measure_code = measures.measure_code
    inner join quarters
        on quarters.start_date in (
            reports.start_date,
            reports.start_date - interval 3 month,
            reports.start_date - interval 12 month
        )
),

summed as (
    select
        wanted.*,
        case when count(by_force.denominator) = 3 then sum(by_force.numerator) end
            as numerator,
        case when count(by_force.denominator) = 3 then sum(by_force.denominator) end
            as denominator
    from wanted
    left join by_force
        on wanted.force_code = by_force.force_code
        and wanted.measure_code = by_force.measure_code
        and by_force.month between wanted.start_date and wanted.end_date
    group by all
),

shared as (
    select
        quarter,
        force_code,
        row_position,
        measure_code as measure,
        measure_name,
        quarter_label as own_period,
        cast(numerator as bigint) as numerator,
        cast(denominator as bigint) as denominator,
        {{ percentage('numerator', 'denominator') }} as share_pct,
        {{ status('denominator is not null') }} as status
    from summed
)

select * from shared
