with

points as (
    select * from {{ ref('int_supplementary_chart_points') }}
),

reports as (
    select * from {{ ref('dim_reports') }}
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
    select * from {{ ref('int_table_cells') }}
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

-- Of equal points the later one is named.
summarised as (
    select
        quarter,
        force_code,
        chart_name,
        series,
        arg_min(point_name, point_position) as first_name,
        arg_max(point_name, point_position) as last_name,
        min(value) as lowest,
        max(value) as highest,
        arg_min(point_name, (value, -point_position)) filter (where value is not null)
            as lowest_name,
        arg_max(point_name, (value, point_position)) filter (where value is not null)
            as highest_name,
        arg_max(value, point_position) filter (where value is not null) as latest,
        arg_max(point_name, point_position) filter (where value is not null)
            as latest_name
    from points
    group by all
),

denominators as (
    select
        quarter,
        force_code,
        table_name,
        cast(max(value) as bigint) as denominator
    from shares
    group by all
),

month_charts_named as (
    select
        month_charts.measure_code,
        month_charts.chart_position,
        month_charts.chart_kind,
        measures.measure_name,
        supplementary_measures.area_level,
        if(measures.kind = 'ratio', 'pct', 'count') as number_format,
        case
            when measures.kind = 'ratio'
                then {{ filled(wording("'chart_share'"), {'unit': 'measures.unit'}) }}
            else measures.unit
        end as unit,
        {{ wording("'chart_each_month_' || measures.kind") }} as each_month,
        {{ wording("'chart_kind_' || month_charts.chart_kind") }} as kind_words
    from month_charts
    inner join measures on month_charts.measure_code = measures.measure_code
    inner join supplementary_measures
        on month_charts.measure_code = supplementary_measures.measure_code
),

phrased as (
    select
        summarised.quarter,
        summarised.force_code,
        summarised.series,
        summarised.first_name,
        summarised.last_name,
        month_charts_named.*,
        {{ filled(
            wording("if(summarised.series is null, 'chart_summary', 'chart_series')"),
            {
                'series': "coalesce(summarised.series, '')",
                'lowest_month': 'summarised.lowest_name',
                'lowest': chart_value('summarised.lowest'),
                'highest_month': 'summarised.highest_name',
                'highest': chart_value('summarised.highest'),
                'latest_month': 'summarised.latest_name',
                'latest': chart_value('summarised.latest'),
            }
        ) }} as phrase
    from summarised
    inner join month_charts_named
        on summarised.chart_name = 'monthly_' || month_charts_named.measure_code
),

month_titled as (
    select
        * exclude (series, phrase, first_name, last_name),
        {{ filled(wording("'quarter_months'"), {
            'first_month': 'max(first_name)',
            'last_month': 'max(last_name)',
        }) }} as window_label,
        string_agg(phrase, '' order by series) as summaries
    from phrased
    group by all
),

of_months as (
    select
        month_titled.quarter,
        month_titled.force_code,
        'monthly_' || month_titled.measure_code as chart_name,
        month_titled.chart_position,
        month_titled.measure_code,
        month_titled.chart_kind,
        {{ filled(wording("'supplementary_chart_title'"), {
            'measure_name': 'month_titled.measure_name',
            'each_month': 'month_titled.each_month',
            'window': 'month_titled.window_label',
        }) }} as chart_title,
        {{ filled(wording("'supplementary_chart_alternative'"), {
            'kind': 'month_titled.kind_words',
            'measure_name': 'month_titled.measure_name',
            'unit': 'month_titled.unit',
            'each_month': 'month_titled.each_month',
            'area': filled(wording("'chart_area_' || month_titled.area_level"), {
                'force_name': 'reports.force_name',
            }),
            'window': 'month_titled.window_label',
            'summaries': 'month_titled.summaries',
        }) }} as alternative_text,
        {{ first_upper('month_titled.unit') }} as value_heading,
        month_titled.number_format,
        month_titled.summaries is not null as is_available
    from month_titled
    inner join reports
        on month_titled.quarter = reports.quarter
        and month_titled.force_code = reports.force_code
),

of_categories as (
    select
        summarised.quarter,
        summarised.force_code,
        summarised.chart_name,
        tables.table_position as chart_position,
        breakdown_tables.measure_code,
        'category_bars' as chart_kind,
        tables.table_title as chart_title,
        {{ filled(wording("'category_chart_alternative'"), {
            'title': 'tables.table_title',
            'denominator': with_commas('denominators.denominator'),
            'lowest_category': 'summarised.lowest_name',
            'lowest': with_commas('summarised.lowest'),
            'highest_category': 'summarised.highest_name',
            'highest': with_commas('summarised.highest'),
        }) }} as alternative_text,
        {{ first_upper('measures.unit') }} as value_heading,
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

together as (
    select * from of_months
    union all
    select * from of_categories
),

in_strands as (
    select
        together.quarter,
        together.force_code,
        together.chart_name,
        cast(together.chart_position as bigint) as chart_position,
        strands.strand_name as strand,
        together.measure_code as measure,
        together.chart_kind,
        together.chart_title,
        together.alternative_text,
        together.value_heading,
        together.number_format,
        together.is_available
    from together
    inner join reports
        on together.quarter = reports.quarter
        and together.force_code = reports.force_code
    left join strand_measures
        on reports.strategy_code = strand_measures.strategy_code
        and together.measure_code = strand_measures.measure_code
    left join strands
        on strand_measures.strategy_code = strands.strategy_code
        and strand_measures.strand_code = strands.strand_code
    where together.is_available
)

select * from in_strands
