-- One monthly chart for each measure, and the charts of the supplementary extracts and
-- of revisions. Their words are made from subject and points (reports/facts.py).

with

supplementary_charts as (
    select * from {{ ref('int_supplementary_charts') }}
),

revision_charts as (
    select * from {{ ref('int_revision_charts') }}
),

report_measures as (
    select * from {{ ref('int_report_measures') }}
),

monthly_counts as (
    {{ rows_with_figures('monthly_counts', {
        'count': 'bigint',
    }) }}
),

months as (
    select * from {{ ref('int_report_months') }}
),

summarised as (
    select
        monthly_counts.quarter,
        monthly_counts.force_code,
        monthly_counts.measure as measure_code,
        min(months.month) as first_month,
        max(months.month) as last_month,
        count(monthly_counts.count) > 0 as is_available
    from monthly_counts
    inner join months
        on monthly_counts.quarter = months.quarter
        and monthly_counts.force_code = months.force_code
        and monthly_counts.month = months.month_key
    group by all
),

of_months as (
    select
        report_measures.quarter,
        report_measures.force_code,
        'monthly_' || report_measures.measure_code as chart_name,
        report_measures.row_position as chart_position,
        report_measures.strand_name as strand,
        report_measures.measure_code as measure,
        'month_bars' as chart_kind,
        'recorded' as subject_kind,
        report_measures.measure_name as subject,
        report_measures.unit,
        'force' as area_level,
        summarised.first_month,
        summarised.last_month,
        cast(null as bigint) as total,
        'count' as number_format,
        summarised.is_available
    from report_measures
    inner join summarised using (quarter, force_code, measure_code)
),

together as (
    select * from of_months
    union all
    select * from supplementary_charts
    union all
    select * from revision_charts
),

with_status as (
    select
        * exclude (is_available),
        {{ status('is_available') }} as status
    from together
)

select * from with_status
