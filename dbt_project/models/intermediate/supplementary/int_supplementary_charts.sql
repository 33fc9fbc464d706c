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

month_charts as (
    select * from {{ ref('month_charts') }}
),

breakdown_tables as (
    select * from {{ ref('table_details') }}
    where breakdown is not null and category is null
),

shares as (
    select * from {{ ref('int_breakdown_shares') }}
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
        max(denominator) as denominator
    from shares
    group by all
),

month_titled as (
    select
        summarised.*,
        month_charts.measure_code,
        month_charts.chart_position,
        {{ filled(wording("'quarter_months'"), {
            'first_month': 'summarised.first_name',
            'last_month': 'summarised.last_name',
        }) }} as window_label
    from summarised
    inner join month_charts
        on summarised.chart_name = 'monthly_' || month_charts.measure_code
),

of_months as (
    select
        month_titled.quarter,
        month_titled.force_code,
        month_titled.chart_name,
        month_titled.chart_position,
        month_titled.measure_code,
        'month_bars' as chart_kind,
        {{ filled(wording("'supplementary_chart_title'"), {
            'measure_name': 'measures.measure_name',
            'window': 'month_titled.window_label',
        }) }} as chart_title,
        {{ filled(wording("'supplementary_chart_alternative'"), {
            'measure_name': 'measures.measure_name',
            'unit': 'measures.unit',
            'force_name': 'reports.force_name',
            'window': 'month_titled.window_label',
            'lowest_month': 'month_titled.lowest_name',
            'lowest': with_commas('month_titled.lowest'),
            'highest_month': 'month_titled.highest_name',
            'highest': with_commas('month_titled.highest'),
            'latest_month': 'month_titled.latest_name',
            'latest': with_commas('month_titled.latest'),
        }) }} as alternative_text,
        month_titled.highest is not null as is_available
    from month_titled
    inner join measures on month_titled.measure_code = measures.measure_code
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
        denominators.denominator is not null as is_available
    from summarised
    inner join breakdown_tables
        on summarised.chart_name = breakdown_tables.table_name
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

worded as (
    select
        together.quarter,
        together.force_code,
        together.chart_name,
        cast(together.chart_position as bigint) as chart_position,
        strands.strand_name as strand,
        together.measure_code as measure,
        together.chart_kind,
        together.chart_title,
        coalesce(
            together.alternative_text,
            {{ filled(wording("'chart_alternative_none'"), {
                'measure_name': 'measures.measure_name',
            }) }}
        ) as alternative_text,
        upper(measures.unit[1]) || measures.unit[2:] as value_heading,
        {{ status('together.is_available') }} as status
    from together
    inner join measures on together.measure_code = measures.measure_code
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

select * from worded
