-- Counts by category over the months of a table: for each category of a breakdown, or
-- for one category by local policing area. A 0 is replaced by no value if held lines
-- could change it, or if the breakdown was not reported in a month.

with

windows as (
    select * from {{ ref('int_table_windows') }}
),

tables as (
    select * from {{ ref('table_details') }}
    where breakdown is not null
),

table_rows as (
    select * from {{ ref('int_category_rows') }}
),

districts as (
    select * from {{ ref('int_districts') }}
),

breakdown_extracts as (
    select * from {{ ref('breakdown_extracts') }}
),

breakdowns as (
    select * from {{ ref('fct_measure_breakdowns_monthly') }}
),

measures_by_area as (
    select * from {{ ref('int_measures_by_area') }}
    where area_level = 'force'
),

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
    where is_supplied
),

breakdown_gaps as (
    select * from {{ ref('int_breakdown_gaps') }}
),

known_months as (
    select
        supplied_months.force_code,
        breakdown_extracts.breakdown,
        supplied_months.month
    from supplied_months
    inner join breakdown_extracts
        on supplied_months.extract = breakdown_extracts.extract
    anti join breakdown_gaps
        on breakdown_gaps.gap_code = 'silent'
        and breakdown_gaps.category is null
        and supplied_months.force_code = breakdown_gaps.force_code
        and breakdown_extracts.breakdown = breakdown_gaps.breakdown
        and supplied_months.month = breakdown_gaps.month
),

wanted as (
    select
        windows.quarter,
        windows.force_code,
        windows.table_name,
        windows.first_month,
        windows.last_month,
        tables.measure_code,
        tables.breakdown,
        date_diff('month', windows.first_month, windows.last_month) + 1 as month_count
    from windows
    inner join tables on windows.table_name = tables.table_name
),

covered as (
    select
        wanted.quarter,
        wanted.force_code,
        wanted.table_name,
        wanted.measure_code,
        wanted.first_month,
        wanted.last_month,
        wanted.month_count,
        count(known_months.month) = wanted.month_count as is_covered
    from wanted
    left join known_months
        on wanted.force_code = known_months.force_code
        and wanted.breakdown = known_months.breakdown
        and known_months.month between wanted.first_month and wanted.last_month
    group by
        wanted.quarter,
        wanted.force_code,
        wanted.table_name,
        wanted.measure_code,
        wanted.first_month,
        wanted.last_month,
        wanted.month_count
),

-- All shares of a table have one denominator, the measure's own count.
denominators as (
    select
        covered.quarter,
        covered.force_code,
        covered.table_name,
        case
            when
                covered.is_covered
                and count(measures_by_area.value) = covered.month_count
                then sum(measures_by_area.value)
        end as denominator
    from covered
    left join measures_by_area
        on covered.force_code = measures_by_area.force_code
        and covered.measure_code = measures_by_area.measure_code
        and measures_by_area.month between covered.first_month and covered.last_month
    group by
        covered.quarter,
        covered.force_code,
        covered.table_name,
        covered.is_covered,
        covered.month_count
),

-- A record counts in the force, and in its local policing area or `elsewhere`.
placed as (
    select
        breakdowns.force_code,
        breakdowns.measure_code,
        breakdowns.breakdown,
        breakdowns.category,
        breakdowns.month,
        breakdowns.value,
        unnest(['force', 'lpa']) as area_level,
        unnest([
            breakdowns.force_code, coalesce(districts.lpa_name, 'elsewhere')
        ]) as area_code
    from breakdowns
    left join districts on breakdowns.area_code = districts.district_code
),

-- If many held lines could count in a category without a record, it is not known to be
-- 0.
doubted as (
    select
        table_rows.quarter,
        table_rows.force_code,
        table_rows.table_name,
        table_rows.row_key
    from table_rows
    inner join covered using (quarter, force_code, table_name)
    inner join breakdown_gaps
        on breakdown_gaps.gap_code = 'held'
        and table_rows.force_code = breakdown_gaps.force_code
        and table_rows.breakdown = breakdown_gaps.breakdown
        and table_rows.category
        = coalesce(breakdown_gaps.category, table_rows.category)
        and breakdown_gaps.month between covered.first_month and covered.last_month
    group by all
    having sum(breakdown_gaps.line_count) >= {{ supply_rule('doubted_lines') }}
),

summed as (
    select
        table_rows.quarter,
        table_rows.force_code,
        table_rows.table_name,
        table_rows.row_key,
        sum(placed.value) as quantity
    from table_rows
    inner join placed
        on table_rows.force_code = placed.force_code
        and table_rows.measure_code = placed.measure_code
        and table_rows.breakdown = placed.breakdown
        and table_rows.category = placed.category
        and table_rows.area_level = placed.area_level
        and table_rows.area_code = placed.area_code
        and placed.month between table_rows.first_day and table_rows.last_day
    group by all
),

of_breakdowns as (
    select
        table_rows.force_code,
        table_rows.measure_code,
        table_rows.breakdown,
        table_rows.category,
        table_rows.area_level,
        table_rows.area_code,
        table_rows.first_day,
        table_rows.last_day,
        unnest(['count', 'category_denominator', 'category_share']) as statistic,
        case
            when
                covered.is_covered
                and (summed.quantity > 0 or doubted.row_key is null)
                then coalesce(summed.quantity, 0)
        end as quantity,
        denominators.denominator
    from table_rows
    inner join covered using (quarter, force_code, table_name)
    inner join denominators using (quarter, force_code, table_name)
    left join summed using (quarter, force_code, table_name, row_key)
    left join doubted using (quarter, force_code, table_name, row_key)
),

breakdown_figures as (
    select
        * exclude (quantity, denominator),
        case statistic
            when 'count' then quantity
            when 'category_denominator' then denominator
            else {{ percentage('quantity', 'denominator') }}
        end as value,
        case statistic when 'category_share' then quantity end as numerator,
        case statistic when 'category_share' then denominator end as denominator
    from of_breakdowns
),

-- No decimal type has both the digits of sums and the places of other values, so all
-- are cast to this one.
exact as (
    select distinct
        * replace (
            cast(value as decimal(18, 3)) as value,
            cast(numerator as decimal(18, 3)) as numerator,
            cast(denominator as decimal(18, 3)) as denominator
        )
    from breakdown_figures
)

select * from exact
