-- One monthly chart for each measure, and the charts of the supplementary extracts and
-- of revisions. Their words are made from subject and points (reports/facts.py).

with

points as (
    select * from {{ ref('int_chart_points') }}
),

revisions as (
    select * from {{ ref('rpt_revisions') }}
    where version = 1 and is_attributed
),

leading_cells as (
    select * from {{ ref('rpt_cells') }}
    where table_name = 'rolling_12_months' and column_name = 'current_12_months'
),

reports as (
    select * from {{ ref('dim_reports') }}
),

report_measures as (
    select * from {{ ref('int_report_measures') }}
    where is_reported
),

measures as (
    select * from {{ ref('dim_measures') }}
),

supplementary_measures as (
    select distinct
        measure_code,
        area_level
    from {{ ref('supplementary_measures') }}
),

month_charts as (
    select * from {{ ref('month_charts') }}
),

breakdown_tables as (
    select * from {{ ref('table_details') }}
    where breakdown is not null and category is null
),

shares as (
    select * from {{ ref('rpt_cells') }}
    where column_name = 'denominator'
),

tables as (
    select * from {{ ref('rpt_tables') }}
),

strand_measures as (
    select * from {{ ref('strand_measures') }}
),

strands as (
    select * from {{ ref('dim_strands') }}
),

summarised as (
    select
        quarter,
        force_code,
        chart_name,
        min(month) as first_month,
        max(month) as last_month,
        count(value) > 0 as is_available
    from points
    group by all
),

denominators as (
    select
        quarter,
        force_code,
        table_name,
        cast(max(figure_value) as bigint) as denominator
    from shares
    group by all
),

of_recorded as (
    select
        report_measures.quarter,
        report_measures.force_code,
        summarised.chart_name,
        report_measures.row_position as chart_position,
        report_measures.strand_name as strand,
        report_measures.measure_code as measure,
        'month_bars' as chart_kind,
        'recorded' as subject_kind,
        report_measures.measure_name as subject,
        report_measures.measure_unit,
        'force' as area_level,
        summarised.first_month,
        summarised.last_month,
        cast(null as bigint) as category_total,
        'count' as number_format,
        summarised.is_available
    from report_measures
    inner join summarised
        on report_measures.quarter = summarised.quarter
        and report_measures.force_code = summarised.force_code
        and 'monthly_' || report_measures.measure_code = summarised.chart_name
),

of_months as (
    select
        summarised.quarter,
        summarised.force_code,
        summarised.chart_name,
        month_charts.chart_position,
        month_charts.measure_code,
        month_charts.chart_kind,
        measures.kind as subject_kind,
        measures.measure_name as subject,
        measures.measure_unit,
        supplementary_measures.area_level,
        summarised.first_month,
        summarised.last_month,
        cast(null as bigint) as category_total,
        if(measures.kind = 'ratio', 'pct', 'count') as number_format,
        summarised.is_available
    from summarised
    inner join month_charts
        on summarised.chart_name = 'monthly_' || month_charts.measure_code
    inner join measures on month_charts.measure_code = measures.measure_code
    inner join supplementary_measures
        on month_charts.measure_code = supplementary_measures.measure_code
),

of_categories as (
    select
        summarised.quarter,
        summarised.force_code,
        summarised.chart_name,
        tables.table_position as chart_position,
        breakdown_tables.measure_code,
        'category_bars' as chart_kind,
        'categories' as subject_kind,
        tables.table_title as subject,
        measures.measure_unit,
        cast(null as varchar) as area_level,
        summarised.first_month,
        summarised.last_month,
        denominators.denominator as category_total,
        'count' as number_format,
        denominators.denominator is not null as is_available
    from summarised
    inner join breakdown_tables
        on summarised.chart_name = breakdown_tables.table_name
    inner join measures on breakdown_tables.measure_code = measures.measure_code
    inner join tables
        on summarised.quarter = tables.quarter
        and summarised.force_code = tables.force_code
        and summarised.chart_name = tables.table_name
    inner join denominators
        on summarised.quarter = denominators.quarter
        and summarised.force_code = denominators.force_code
        and summarised.chart_name = denominators.table_name
),

supplementary as (
    select * from of_months
    union all
    select * from of_categories
),

in_strands as (
    select
        supplementary.quarter,
        supplementary.force_code,
        supplementary.chart_name,
        cast(supplementary.chart_position as bigint) as chart_position,
        strands.strand_name as strand,
        supplementary.measure_code as measure,
        supplementary.chart_kind,
        supplementary.subject_kind,
        supplementary.subject,
        supplementary.measure_unit,
        supplementary.area_level,
        supplementary.first_month,
        supplementary.last_month,
        supplementary.category_total,
        supplementary.number_format,
        supplementary.is_available
    from supplementary
    inner join reports
        on supplementary.quarter = reports.quarter
        and supplementary.force_code = reports.force_code
    left join strand_measures
        on reports.strategy_code = strand_measures.strategy_code
        and supplementary.measure_code = strand_measures.measure_code
    left join strands
        on strand_measures.strategy_code = strands.strategy_code
        and strand_measures.strand_code = strands.strand_code
    where supplementary.is_available
),

revised as (
    select revisions.*
    from revisions
    semi join leading_cells using (quarter, force_code, figure_id)
),

-- The number of crimes that its points show, by reason.
of_revisions as (
    select
        quarter,
        force_code,
        'revisions' as chart_name,
        cast(200 as bigint) as chart_position,
        cast(null as varchar) as strand,
        cast(null as varchar) as measure,
        'category_bars' as chart_kind,
        'revisions' as subject_kind,
        cast(null as varchar) as subject,
        'crimes' as measure_unit,
        cast(null as varchar) as area_level,
        cast(null as date) as first_month,
        cast(null as date) as last_month,
        cast(
            sum(
                abs(late)
                + abs(reclassified_in)
                + abs(reclassified_out)
                + abs(transferred)
                + abs(cancelled)
                + abs(outcome_changed)
                + abs(restated)
                + abs(otherwise)
            ) as bigint
        ) as category_total,
        'count' as number_format,
        true as is_available
    from revised
    group by all
    having category_total > 0
),

together as (
    select * from of_recorded
    union all
    select * from in_strands
    union all
    select * from of_revisions
),

with_status as (
    select
        * exclude (is_available),
        {{ status('is_available') }} as status
    from together
)

select * from with_status
