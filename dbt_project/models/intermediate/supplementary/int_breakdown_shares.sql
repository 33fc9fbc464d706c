-- Each category's count in the table's window, of the measure's own count in the same
-- months: one denominator for all shares of a table.

with

windows as (
    select * from {{ ref('int_table_windows') }}
),

breakdown_tables as (
    select * from {{ ref('table_details') }}
    where breakdown is not null and category is null
),

categories as (
    select * from {{ ref('categories') }}
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

wanted as (
    select
        windows.*,
        breakdown_tables.measure_code,
        breakdown_tables.breakdown,
        breakdown_extracts.extract,
        date_diff('month', windows.first_month, windows.last_month) + 1 as month_count
    from windows
    inner join breakdown_tables on windows.table_name = breakdown_tables.table_name
    inner join breakdown_extracts
        on breakdown_tables.breakdown = breakdown_extracts.breakdown
),

denominators as (
    select
        wanted.quarter,
        wanted.force_code,
        wanted.table_name,
        case
            when count(measures_by_area.value) = wanted.month_count
                then sum(measures_by_area.value)
        end as denominator
    from wanted
    left join measures_by_area
        on wanted.force_code = measures_by_area.force_code
        and wanted.measure_code = measures_by_area.measure_code
        and measures_by_area.month between wanted.first_month and wanted.last_month
    group by
        wanted.quarter, wanted.force_code, wanted.table_name, wanted.month_count
),

covered as (
    select
        wanted.quarter,
        wanted.force_code,
        wanted.table_name,
        count(supplied_months.month) = wanted.month_count as is_covered
    from wanted
    left join supplied_months
        on wanted.force_code = supplied_months.force_code
        and wanted.extract = supplied_months.extract
        and supplied_months.month between wanted.first_month and wanted.last_month
    group by
        wanted.quarter, wanted.force_code, wanted.table_name, wanted.month_count
),

numerators as (
    select
        wanted.quarter,
        wanted.force_code,
        wanted.table_name,
        breakdowns.category,
        sum(breakdowns.value) as numerator
    from wanted
    inner join breakdowns
        on wanted.force_code = breakdowns.force_code
        and wanted.measure_code = breakdowns.measure_code
        and wanted.breakdown = breakdowns.breakdown
        and breakdowns.month between wanted.first_month and wanted.last_month
    group by all
),

together as (
    select
        wanted.quarter,
        wanted.force_code,
        wanted.table_name,
        categories.category_position as row_position,
        categories.category,
        case when covered.is_covered then coalesce(numerators.numerator, 0) end
            as numerator,
        case when covered.is_covered then denominators.denominator end as denominator
    from wanted
    inner join categories on wanted.breakdown = categories.breakdown
    inner join covered using (quarter, force_code, table_name)
    inner join denominators using (quarter, force_code, table_name)
    left join numerators using (quarter, force_code, table_name, category)
),

shared as (
    select
        quarter,
        force_code,
        table_name,
        row_position,
        category,
        cast(numerator as bigint) as numerator,
        cast(denominator as bigint) as denominator,
        {{ percentage('numerator', 'denominator') }} as share_pct,
        {{ status('denominator is not null') }} as status
    from together
)

select * from shared
