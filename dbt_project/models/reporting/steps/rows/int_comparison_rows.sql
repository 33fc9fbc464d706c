-- The rows of the tables that compare periods: the report's measures, the measures that
-- the table lists, or the areas of a measure. Months have a row for each month of the
-- quarter; longer periods have one for the quarter's end.

with

table_comparisons as (
    select
        *,
        count(*) over (partition by table_name) as comparison_count
    from {{ ref('table_comparisons') }}
),

comparisons as (
    select * from {{ ref('comparisons') }}
),

periods as (
    select * from {{ ref('int_compared_periods') }}
),

report_measures as (
    select * from {{ ref('int_report_measures') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

listed_measures as (
    select * from {{ ref('int_listed_measures') }}
),

strand_measures as (
    select * from {{ ref('strand_measures') }}
),

strands as (
    select * from {{ ref('dim_strands') }}
),

report_areas as (
    select * from {{ ref('int_report_areas') }}
),

open_months as (
    select distinct
        months.force_code,
        last_day(months.month) as period_end,
        cast(areas.population_year as varchar) as population_year
    from {{ ref('fct_open_crimes_monthly') }} as months
    inner join {{ ref('dim_areas') }} as areas
        using (force_code, area_level, area_code)
    where months.area_level = 'force'
),

-- Only the force's own crimes have a solved rate, because outcomes have no month of
-- their own in the open data's street files.
reported as (
    select
        report_measures.quarter,
        report_measures.force_code,
        report_measures.row_position as measure_position,
        report_measures.strand_name as strand,
        report_measures.measure_code,
        report_measures.measure_name,
        'force' as area_level,
        report_measures.force_code as area_code,
        null as area_name,
        report_measures.end_date,
        unnest(
            ['reported']
            || if(measures.source_extract = 'crimes', ['solved'], [])
            || if(
                measures.source_extract = 'police_uk_street'
                and open_months.force_code is not null,
                ['open_data'],
                []
            )
        ) as measure_set,
        cast(null as varchar) as table_name,
        open_months.population_year
    from report_measures
    inner join measures on report_measures.measure_code = measures.measure_code
    left join open_months
        on report_measures.force_code = open_months.force_code
        and report_measures.end_date = open_months.period_end
),

listed as (
    select
        listed_measures.quarter,
        listed_measures.force_code,
        listed_measures.measure_position,
        strands.strand_name as strand,
        listed_measures.measure_code,
        listed_measures.measure_name,
        listed_measures.area_level,
        listed_measures.area_code,
        null as area_name,
        listed_measures.end_date,
        'listed' as measure_set,
        listed_measures.table_name,
        cast(null as varchar) as population_year
    from listed_measures
    left join strand_measures
        on listed_measures.strategy_code = strand_measures.strategy_code
        and listed_measures.measure_code = strand_measures.measure_code
    left join strands
        on strand_measures.strategy_code = strands.strategy_code
        and strand_measures.strand_code = strands.strand_code
),

in_areas as (
    select
        quarter,
        force_code,
        row_position as measure_position,
        strand,
        measure_code,
        measure_name,
        area_level,
        area_code,
        area_name,
        end_date,
        'areas' as measure_set,
        table_name,
        cast(null as varchar) as population_year
    from report_areas
),

together as (
    select * from reported
    union all
    select * from listed
    union all
    select * from in_areas
),

compared as (
    select
        together.quarter,
        together.force_code,
        table_comparisons.table_name,
        row_number() over (
            partition by
                together.quarter, together.force_code, table_comparisons.table_name
            order by
                if(
                    table_comparisons.is_by_comparison,
                    comparisons.comparison_position,
                    0
                ),
                together.measure_position,
                periods.period_end,
                comparisons.comparison_position
        ) as row_position,
        concat_ws(
            '|',
            together.measure_code,
            together.area_name,
            if(
                comparisons.period_months = 1,
                cast(periods.period_end as varchar),
                null
            ),
            if(
                table_comparisons.comparison_count > 1,
                comparisons.comparison_code,
                null
            )
        ) as row_key,
        together.measure_code,
        together.area_level,
        together.area_code,
        periods.period_start as first_day,
        periods.period_end as last_day,
        periods.base_start as base_first_day,
        periods.base_end as base_last_day,
        together.strand,
        together.measure_name,
        together.area_name,
        comparisons.comparison_code as comparison,
        comparisons.comparison_name,
        periods.period_label as period,
        periods.base_period_label as base_period,
        together.population_year
    from together
    inner join table_comparisons
        on together.measure_set = table_comparisons.measures
        and coalesce(together.table_name, table_comparisons.table_name)
        = table_comparisons.table_name
    inner join comparisons
        on table_comparisons.comparison_code = comparisons.comparison_code
    inner join periods
        on comparisons.comparison_code = periods.comparison_code
        and (
            together.end_date = periods.period_end
            or (
                comparisons.period_months = 1
                and together.end_date >= periods.period_end
                and together.end_date - interval 3 month < periods.period_start
            )
        )
)

select * from compared
