with

windows as (
    select * from {{ ref('int_table_windows') }}
    where table_name = 'sex_or_gender_hate'
),

districts as (
    select * from {{ ref('dim_districts') }}
),

breakdowns as (
    select * from {{ ref('fct_measure_breakdowns_monthly') }}
),

own_category as (
    select * from {{ ref('table_details') }}
    where table_name = 'sex_or_gender_hate'
),

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
    where extract = 'crime_motivations' and is_supplied
),

silent_breakdowns as (
    select * from {{ ref('int_silent_breakdowns') }}
),

held_table_lines as (
    select * from {{ ref('int_held_table_lines') }}
    where table_name = 'sex_or_gender_hate'
),

known_months as (
    select supplied_months.*
    from supplied_months
    cross join own_category
    anti join silent_breakdowns
        on supplied_months.force_code = silent_breakdowns.force_code
        and own_category.breakdown = silent_breakdowns.breakdown
        and supplied_months.month = silent_breakdowns.month
),

-- The areas, and whatever lies in none of them.
lpas as (
    select
        force_code,
        lpa_name
    from districts
    where lpa_name is not null
    union
    select
        force_code,
        cast(null as varchar) as lpa_name
    from districts
    where force_code is not null
),

covered as (
    select
        windows.*,
        count(known_months.month) = 3 as is_covered
    from windows
    left join known_months
        on windows.force_code = known_months.force_code
        and known_months.month between windows.first_month and windows.last_month
    group by all
),

motivated as (
    select
        breakdowns.force_code,
        districts.lpa_name,
        breakdowns.month,
        breakdowns.value
    from breakdowns
    inner join own_category
        on breakdowns.breakdown = own_category.breakdown
        and breakdowns.category = own_category.category
    inner join districts on breakdowns.area_code = districts.district_code
),

places as (
    select
        force_code,
        coalesce(lpa_name, {{ wording("'elsewhere_row'") }}) as lpa,
        lpa_name,
        row_number() over (partition by force_code order by lpa_name nulls last)
            as row_position
    from lpas
),

by_lpa as (
    select
        covered.quarter,
        covered.force_code,
        places.row_position,
        places.lpa,
        covered.is_covered,
        coalesce(sum(motivated.value), 0) as hate_crimes
    from covered
    inner join places on covered.force_code = places.force_code
    left join motivated
        on covered.force_code = motivated.force_code
        and places.lpa_name is not distinct from motivated.lpa_name
        and motivated.month between covered.first_month and covered.last_month
    group by all
),

in_all as (
    select
        quarter,
        force_code,
        max(row_position) + 1 as row_position,
        {{ wording("'total_row'") }} as lpa,
        is_covered,
        sum(hate_crimes) as hate_crimes
    from by_lpa
    group by all
),

together as (
    select * from by_lpa
    union all
    select * from in_all
),

-- A held line may be of any area.
known as (
    select
        together.quarter,
        together.force_code,
        together.row_position,
        together.lpa,
        together.hate_crimes,
        together.is_covered
        and (
            together.hate_crimes > 0
            or coalesce(not held_table_lines.is_zero_doubted, true)
        ) as is_known
    from together
    left join held_table_lines using (quarter, force_code)
),

with_status as (
    select
        quarter,
        force_code,
        row_position,
        lpa,
        cast(case when is_known then hate_crimes end as bigint) as hate_crimes,
        {{ status('is_known') }} as status
    from known
)

select * from with_status
