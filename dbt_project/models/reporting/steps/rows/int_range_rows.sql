-- The rows of the table of usual ranges: one for each measure of the board report, over
-- the months from which its range at the quarter's end is computed. A measure without a
-- range has a row too, over the months of the quarter.

with

table_details as (
    select * from {{ ref('table_details') }}
    where row_kind = 'ranges'
),

measures as (
    select * from {{ ref('int_report_measures') }}
    where is_on_board
),

limits as (
    select * from {{ ref('int_range_limits') }}
    where area_level = 'force' and is_latest_phase
),

ranges as (
    select
        measures.quarter,
        measures.force_code,
        table_details.table_name,
        row_number() over (
            partition by
                measures.quarter, measures.force_code, table_details.table_name
            order by measures.strand_position nulls last, measures.measure_position
        ) as row_position,
        measures.measure_code as row_key,
        measures.measure_code,
        measures.measure_name,
        'force' as area_level,
        measures.force_code as area_code,
        coalesce(limits.first_month, measures.quarter_start_date) as first_day,
        measures.quarter_end_date as last_day,
        {{ printed_limit('limits.lower_limit') }} as lower_limit,
        {{ printed_limit('limits.average') }} as average,
        {{ printed_limit('limits.upper_limit') }} as upper_limit
    from table_details
    cross join measures
    left join limits
        on measures.force_code = limits.force_code
        and measures.measure_code = limits.measure_code
        and measures.quarter_end_date = limits.period_end
),

labelled as (
    select
        *,
        {{ months_label('first_day', 'last_day', first='%B %Y') }} as period
    from ranges
)

select * from labelled
