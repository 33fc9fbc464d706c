-- One chart of months for each measure, and those of the supplementary extracts, with
-- the words that say what they show.

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

chart_events as (
    select
        quarter,
        force_code,
        chart_name,
        string_agg(event_label, '; ' order by event_position) as event_labels
    from {{ ref('int_chart_events') }}
    group by all
),

named_counts as (
    select
        monthly_counts.quarter,
        monthly_counts.force_code,
        monthly_counts.measure as measure_code,
        monthly_counts.count,
        months.month,
        months.month_name
    from monthly_counts
    inner join months
        on monthly_counts.quarter = months.quarter
        and monthly_counts.force_code = months.force_code
        and monthly_counts.month = months.month_key
),

-- Of equal months the later one is named.
summarised as (
    select
        quarter,
        force_code,
        measure_code,
        arg_min(month_name, month) as first_month,
        arg_max(month_name, month) as last_month,
        min(count) as lowest,
        max(count) as highest,
        arg_min(month_name, (count, -epoch(month))) filter (where count is not null)
            as lowest_month,
        arg_max(month_name, (count, epoch(month))) filter (where count is not null)
            as highest_month,
        arg_max(count, month) filter (where count is not null) as latest,
        arg_max(month_name, month) filter (where count is not null) as latest_month
    from named_counts
    group by all
),

worded as (
    select
        report_measures.quarter,
        report_measures.force_code,
        'monthly_' || report_measures.measure_code as chart_name,
        report_measures.row_position as chart_position,
        report_measures.strand_name as strand,
        report_measures.measure_code as measure,
        'month_bars' as chart_kind,
        {{ filled(wording("'chart_title'"), {
            'measure_name': 'report_measures.measure_name',
            'first_month': 'summarised.first_month',
            'last_month': 'summarised.last_month',
        }) }} as chart_title,
        coalesce(
            {{ filled(wording("'chart_alternative'"), {
                'measure_name': 'report_measures.measure_name',
                'unit': 'report_measures.unit',
                'force_name': 'report_measures.force_name',
                'first_month': 'summarised.first_month',
                'last_month': 'summarised.last_month',
                'lowest_month': 'summarised.lowest_month',
                'lowest': with_commas('summarised.lowest'),
                'highest_month': 'summarised.highest_month',
                'highest': with_commas('summarised.highest'),
                'latest_month': 'summarised.latest_month',
                'latest': with_commas('summarised.latest'),
            }) }},
            {{ filled(wording("'chart_alternative_none'"), {
                'measure_name': 'report_measures.measure_name',
            }) }}
        ) as alternative_text,
        {{ filled(wording("'chart_value_heading'"), {
            'unit': 'upper(report_measures.unit[1]) || report_measures.unit[2:]',
        }) }} as value_heading,
        'count' as number_format,
        summarised.latest is not null as is_available
    from report_measures
    inner join summarised using (quarter, force_code, measure_code)
),

together as (
    select * from worded
    union all
    select * from supplementary_charts
    union all
    select * from revision_charts
),

marked as (
    select
        together.quarter,
        together.force_code,
        together.chart_name,
        together.chart_position,
        together.strand,
        together.measure,
        together.chart_kind,
        together.chart_title,
        together.alternative_text || coalesce(
            {{ filled(wording("'chart_events_alternative'"), {
                'events': 'chart_events.event_labels',
            }) }},
            ''
        ) as alternative_text,
        together.value_heading,
        together.number_format,
        {{ status('together.is_available') }} as status
    from together
    left join chart_events
        on together.quarter = chart_events.quarter
        and together.force_code = chart_events.force_code
        and together.chart_name = chart_events.chart_name
        and together.is_available
)

select * from marked
