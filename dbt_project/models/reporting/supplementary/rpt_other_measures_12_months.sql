with

reports as (
    select * from {{ ref('dim_reports') }}
),

table_measures as (
    select * from {{ ref('table_measures') }}
    where table_name = 'other_measures_12_months'
),

measures as (
    select * from {{ ref('dim_measures') }}
),

rolling as (
    select * from {{ ref('fct_rolling_12_months') }}
    where area_level in ('force', 'region')
),

strand_measures as (
    select * from {{ ref('strand_measures') }}
),

strands as (
    select * from {{ ref('dim_strands') }}
),

compared as (
    select
        reports.quarter,
        reports.force_code,
        table_measures.measure_position as row_position,
        strands.strand_name as strand,
        measures.measure_code as measure,
        measures.measure_name,
        reports.end_date as period_end,
        cast(rolling.previous_12_months as bigint) as previous_12_months,
        cast(rolling.current_12_months as bigint) as current_12_months,
        cast(rolling.difference as bigint) as difference,
        rolling.difference_pct,
        {{ status('rolling.difference is not null') }} as status
    from reports
    cross join table_measures
    inner join measures on table_measures.measure_code = measures.measure_code
    left join rolling
        on reports.force_code = rolling.force_code
        and measures.measure_code = rolling.measure_code
        and reports.end_date = rolling.period_end
    left join strand_measures
        on reports.strategy_code = strand_measures.strategy_code
        and measures.measure_code = strand_measures.measure_code
    left join strands
        on strand_measures.strategy_code = strands.strategy_code
        and strand_measures.strand_code = strands.strand_code
)

select * from compared
