-- What the summary says of a measure: by how much it changed, and in which direction.

with

report_measures as (
    select * from {{ ref('int_report_measures') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
    where kind = 'flow'
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
        report_measures.measure_code,
        report_measures.measure_name,
        rolling.difference_pct,
        coalesce({{ direction('rolling.difference') }}, 'unknown') as direction
    from report_measures
    inner join measures
        on report_measures.measure_code = measures.measure_code
    left join rolling
        on report_measures.force_code = rolling.force_code
        and report_measures.measure_code = rolling.measure_code
        and report_measures.end_date = rolling.period_end
)

select * from compared
