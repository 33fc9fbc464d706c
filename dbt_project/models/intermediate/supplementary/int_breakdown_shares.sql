-- Each category's count in the table's window, of the measure's own count in the same
-- months: one denominator for all shares of a table. A 0 that held lines could change
-- is none.

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

silent_breakdowns as (
    select * from {{ ref('int_silent_breakdowns') }}
),

held_table_lines as (
    select * from {{ ref('int_held_table_lines') }}
),

known_months as (
    select
        supplied_months.force_code,
        breakdown_extracts.breakdown,
        supplied_months.month
    from supplied_months
    inner join breakdown_extracts
        on supplied_months.extract = breakdown_extracts.extract
    anti join silent_breakdowns
        on supplied_months.force_code = silent_breakdowns.force_code
        and breakdown_extracts.breakdown = silent_breakdowns.breakdown
        and supplied_months.month = silent_breakdowns.month
),

wanted as (
    select
        windows.*,
        breakdown_tables.measure_code,
        breakdown_tables.breakdown,
        date_diff('month', windows.first_month, windows.last_month) + 1 as month_count
    from windows
    inner join breakdown_tables on windows.table_name = breakdown_tables.table_name
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
        count(known_months.month) = wanted.month_count as is_covered
    from wanted
    left join known_months
        on wanted.force_code = known_months.force_code
        and wanted.breakdown = known_months.breakdown
        and known_months.month between wanted.first_month and wanted.last_month
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
        case
            when not covered.is_covered then null
            when held_table_lines.is_zero_doubted then numerators.numerator
            else coalesce(numerators.numerator, 0)
        end as numerator,
        case when covered.is_covered then denominators.denominator end as denominator
    from wanted
    inner join categories on wanted.breakdown = categories.breakdown
    inner join covered using (quarter, force_code, table_name)
    inner join denominators using (quarter, force_code, table_name)
    left join numerators using (quarter, force_code, table_name, category)
    left join held_table_lines using (quarter, force_code, table_name, category)
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
        {{ status('numerator + denominator is not null') }} as status
    from together
)

select * from shared
