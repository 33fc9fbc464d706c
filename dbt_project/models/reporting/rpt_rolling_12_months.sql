with

report_measures as (
    select * from {{ ref('int_report_measures') }}
),

rolling as (
    select * from {{ ref('fct_rolling_12_months') }}
    where area_level = 'force'
),

compared as (
    select
        report_measures.quarter,
        report_measures.force_code,
        report_measures.row_position,
        report_measures.strand_name as strand,
        report_measures.measure_code as measure,
        report_measures.measure_name,
        report_measures.end_date as period_end,
        cast(rolling.previous_12_months as bigint) as previous_12_months,
        cast(rolling.current_12_months as bigint) as current_12_months,
        cast(rolling.difference as bigint) as difference,
        rolling.difference_pct,
        {{ status('rolling.difference is not null') }} as status
    from report_measures
    left join rolling
        on report_measures.force_code = rolling.force_code
        and report_measures.measure_code = rolling.measure_code
        and report_measures.end_date = rolling.period_end
)

select * from compared
