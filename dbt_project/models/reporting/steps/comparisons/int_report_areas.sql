-- The rows of the tables by district: the force's districts or areas that combine
-- several of them, crimes elsewhere (but not in a table of own areas), and the total.
-- An unlisted district has a row only if a crime has it.

with

report_measures as (
    select * from {{ ref('int_report_measures') }}
    where is_reported
),

district_tables as (
    select * from {{ ref('int_district_tables') }}
),

area_sets as (
    select distinct
        table_name,
        measures as measure_set
    from {{ ref('table_comparisons') }}
    where measures in ('areas', 'own_areas')
),

districts as (
    select * from {{ ref('int_districts') }}
),

combined_areas as (
    select * from {{ ref('combined_areas') }}
),

monthly as (
    select * from {{ ref('fct_measures_monthly') }}
),

not_recognised as (
    select distinct
        force_code,
        measure_code
    from monthly
    where area_code = {{ not_recognised_district() }} and value > 0
),

shown as (
    select
        district_tables.table_name,
        area_sets.measure_set,
        report_measures.*
    from district_tables
    inner join area_sets on district_tables.table_name = area_sets.table_name
    inner join report_measures
        on district_tables.measure_code = report_measures.measure_code
),

in_districts as (
    select
        shown.*,
        coalesce(districts.force_code is null, false) as is_elsewhere,
        case
            when combined_areas.area_name is null then 'district' else 'combined_area'
        end as area_level,
        coalesce(combined_areas.area_name, districts.district_code) as area_code,
        coalesce(combined_areas.area_name, districts.district_name) as area_name
    from shown
    inner join districts
        on shown.force_code = coalesce(districts.force_code, shown.force_code)
    left join combined_areas
        on shown.measure_code = combined_areas.measure_code
        and districts.district_code = combined_areas.district_code
    left join not_recognised
        on shown.force_code = not_recognised.force_code
        and shown.measure_code = not_recognised.measure_code
    where
        (
            districts.district_code <> {{ not_recognised_district() }}
            or not_recognised.measure_code is not null
        )
        and (districts.force_code is not null or shown.measure_set = 'areas')
),

in_all as (
    select
        *,
        null as is_elsewhere,
        'force' as area_level,
        force_code as area_code,
        {{ wording("'total_row'") }} as area_name
    from shown
),

together as (
    select distinct * from in_districts
    union all
    select * from in_all
),

ordered as (
    select
        quarter,
        force_code,
        table_name,
        row_number() over (
            partition by quarter, force_code, table_name
            order by row_position, is_elsewhere nulls last, area_name
        ) as row_position,
        strand_name as strand,
        measure_code,
        measure_name,
        area_level,
        area_code,
        area_name,
        is_elsewhere,
        measure_set,
        quarter_end_date
    from together
)

select * from ordered
