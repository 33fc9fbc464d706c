-- The rows of the tables by measure. A table that compares periods has the report's
-- measures, those that it lists, or the areas of a measure: a row for each month of
-- the quarter, or one for the quarter's end. Any other table has a row for each measure
-- that it lists, in the quarter (or the table's own window) and in earlier quarters.

with

reports as (
    select * from {{ ref('dim_reports') }}
),

table_measures as (
    select
        *,
        count(*) over (partition by table_name) as measure_count
    from {{ ref('table_measures') }}
),

table_comparisons as (
    select
        *,
        count(*) over (partition by table_name) as comparison_count
    from {{ ref('table_comparisons') }}
),

own_windows as (
    select table_name from {{ ref('table_details') }}
    where month_count is not null
),

listing_tables as (
    select
        *,
        len(string_split(quarters_before, '|')) as quarter_count,
        cast(unnest(string_split(quarters_before, '|')) as integer) as months_before
    from {{ ref('table_details') }}
    where row_kind = 'measures'
),

comparisons as (
    select * from {{ ref('comparisons') }}
),

periods as (
    select * from {{ ref('int_compared_periods') }}
),

same_months as (
    select * from {{ ref('int_same_months') }}
),

report_measures as (
    select * from {{ ref('int_report_measures') }}
    where is_reported
),

measures as (
    select * from {{ ref('dim_measures') }}
),

measures_of_others as (
    select
        quarter,
        force_code,
        part_name as measure_code
    from {{ ref('int_parts_of_others') }}
    where part_kind = 'measure'
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

windows as (
    select * from {{ ref('int_table_windows') }}
),

quarters as (
    select
        quarter_label,
        min(date_day) as quarter_start_date,
        max(date_day) as quarter_end_date
    from {{ ref('dim_dates') }}
    group by all
),

open_months as (
    select distinct
        months.force_code,
        last_day(months.month) as period_end,
        areas.population_year
    from {{ ref('fct_open_crimes_monthly') }} as months
    inner join {{ ref('dim_areas') }} as areas
        using (force_code, area_level, area_code)
    where months.area_level = 'force'
),

regions as (
    select distinct
        force_code,
        measure_code,
        area_level,
        area_code
    from {{ ref('fct_measures_monthly') }}
    where area_level = 'region'
),

-- A measure of a region has the region's figures; every other measure has the force's.
listed_measures as (
    select
        reports.quarter,
        reports.force_code,
        table_measures.table_name,
        table_measures.measure_position,
        table_measures.measure_count,
        measures.measure_code,
        measures.measure_name,
        coalesce(regions.area_level, 'force') as area_level,
        coalesce(regions.area_code, reports.force_code) as area_code,
        reports.strategy_code,
        reports.quarter_start_date,
        reports.quarter_end_date
    from reports
    cross join table_measures
    inner join measures on table_measures.measure_code = measures.measure_code
    left join regions
        on reports.force_code = regions.force_code
        and measures.measure_code = regions.measure_code
    anti join measures_of_others
        on reports.quarter = measures_of_others.quarter
        and reports.force_code = measures_of_others.force_code
        and table_measures.measure_code = measures_of_others.measure_code
),

-- Only the force's own crimes have a solved rate, because outcomes have no month of
-- their own in the open data's street files. A measure that is defined by an outcome
-- has none.
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
        report_measures.quarter_end_date,
        unnest(
            ['reported']
            || if(
                measures.source_extract = 'crimes'
                and not measures.is_defined_by_outcome,
                ['solved'],
                []
            )
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
        and report_measures.quarter_end_date = open_months.period_end
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
        listed_measures.quarter_end_date,
        'listed' as measure_set,
        listed_measures.table_name,
        cast(null as integer) as population_year
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
        quarter_end_date,
        measure_set,
        table_name,
        cast(null as integer) as population_year
    from report_areas
),

in_sets as (
    select * from reported
    union all
    select * from listed
    union all
    select * from in_areas
),

-- A table with a window of its own compares the period that ends with it, and has no
-- row without one. The same months of both years need not end with the quarter.
in_comparisons as (
    select
        in_sets.quarter,
        in_sets.force_code,
        in_sets.measure_position,
        in_sets.strand,
        in_sets.measure_code,
        in_sets.measure_name,
        in_sets.area_level,
        in_sets.area_code,
        in_sets.area_name,
        in_sets.population_year,
        table_comparisons.table_name,
        table_comparisons.comparison_code,
        table_comparisons.comparison_count,
        table_comparisons.is_by_comparison,
        if(
            table_comparisons.comparison_code = 'same_months',
            same_months.period_end,
            coalesce(last_day(windows.last_month), in_sets.quarter_end_date)
        ) as last_day,
        same_months.month_count as same_month_count
    from in_sets
    inner join table_comparisons
        on in_sets.measure_set = table_comparisons.measures
        and coalesce(in_sets.table_name, table_comparisons.table_name)
        = table_comparisons.table_name
    left join own_windows on table_comparisons.table_name = own_windows.table_name
    left join windows
        on in_sets.quarter = windows.quarter
        and in_sets.force_code = windows.force_code
        and table_comparisons.table_name = windows.table_name
    left join same_months
        on in_sets.force_code = same_months.force_code
        and in_sets.quarter_end_date = same_months.quarter_end_date
    where own_windows.table_name is null or windows.table_name is not null
),

compared as (
    select
        in_comparisons.quarter,
        in_comparisons.force_code,
        in_comparisons.table_name,
        row_number() over (
            partition by
                in_comparisons.quarter,
                in_comparisons.force_code,
                in_comparisons.table_name
            order by
                if(
                    in_comparisons.is_by_comparison,
                    comparisons.comparison_position,
                    0
                ),
                in_comparisons.measure_position,
                periods.period_end,
                comparisons.comparison_position
        ) as row_position,
        concat_ws(
            '|',
            in_comparisons.measure_code,
            in_comparisons.area_name,
            if(
                comparisons.period_months = 1,
                cast(periods.period_end as varchar),
                null
            ),
            if(
                in_comparisons.comparison_count > 1,
                comparisons.comparison_code,
                null
            )
        ) as row_key,
        in_comparisons.measure_code,
        in_comparisons.area_level,
        in_comparisons.area_code,
        periods.period_start as first_day,
        periods.period_end as last_day,
        periods.base_start as base_first_day,
        periods.base_end as base_last_day,
        in_comparisons.strand,
        in_comparisons.measure_name,
        in_comparisons.area_name,
        comparisons.comparison_code as comparison,
        comparisons.comparison_name,
        periods.period_label as period,
        periods.base_period_label as base_period,
        in_comparisons.population_year
    from in_comparisons
    inner join comparisons
        on in_comparisons.comparison_code = comparisons.comparison_code
    inner join periods
        on comparisons.comparison_code = periods.comparison_code
        and (
            comparisons.comparison_code <> 'same_months'
            or in_comparisons.same_month_count = periods.month_count
        )
        and in_comparisons.force_code
        = coalesce(periods.force_code, in_comparisons.force_code)
        and (
            in_comparisons.last_day = periods.period_end
            or (
                comparisons.period_months = 1
                and in_comparisons.last_day >= periods.period_end
                and in_comparisons.last_day - interval 3 month
                < periods.period_start
            )
        )
),

in_quarters as (
    select
        listed_measures.quarter,
        listed_measures.force_code,
        listing_tables.table_name,
        row_number() over (
            partition by
                listed_measures.quarter,
                listed_measures.force_code,
                listing_tables.table_name
            order by listed_measures.measure_position, quarters.quarter_start_date
        ) as row_position,
        concat_ws(
            '|',
            if(
                listed_measures.measure_count > 1, listed_measures.measure_code, null
            ),
            if(listing_tables.quarter_count > 1, quarters.quarter_label, null)
        ) as row_key,
        listed_measures.measure_code,
        listed_measures.area_level,
        listed_measures.area_code,
        coalesce(windows.first_month, quarters.quarter_start_date) as first_day,
        coalesce(last_day(windows.last_month), quarters.quarter_end_date) as last_day,
        listed_measures.measure_name,
        quarters.quarter_label as own_period,
        last_day(windows.last_month) as as_at_date
    from listed_measures
    inner join listing_tables on listed_measures.table_name = listing_tables.table_name
    inner join quarters
        on quarters.quarter_start_date
        = listed_measures.quarter_start_date - to_months(listing_tables.months_before)
    left join windows
        on listed_measures.quarter = windows.quarter
        and listed_measures.force_code = windows.force_code
        and listing_tables.table_name = windows.table_name
),

together as (
    select * from compared
    union all by name
    select * from in_quarters
)

select * from together
