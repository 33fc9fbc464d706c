-- Which records each figure counts that is made from no other figure: of which measure,
-- months, area and category.

with

figure_rows as (
    select * from {{ ref('int_figure_rows') }}
),

figure_parts as (
    select * from {{ ref('figure_parts') }}
    where part_columns is null
),

table_details as (
    select * from {{ ref('table_details') }}
),

reports as (
    select * from {{ ref('dim_reports') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

periods as (
    select * from {{ ref('int_compared_periods') }}
),

windows as (
    select * from {{ ref('int_table_windows') }}
),

result_periods as (
    select * from {{ ref('result_periods') }}
),

unit_parts as (
    select * from {{ ref('categories') }}
    where breakdown in ('drug_class', 'person_kind')
),

crime_types as (
    select * from {{ ref('measure_rules') }}
    where crime_type is not null
),

report_areas as (
    select * from {{ ref('int_report_areas') }}
),

combined_areas as (
    select
        measure_code,
        area_name,
        list(district_code order by district_code) as district_codes
    from {{ ref('combined_areas') }}
    group by all
),

lpas as (
    select
        forces.force_code,
        coalesce(districts.lpa_name, {{ wording("'elsewhere_row'") }}) as lpa,
        list(districts.district_code order by districts.district_code)
            as district_codes
    from (select distinct force_code from reports) as forces
    inner join {{ ref('dim_districts') }} as districts
        on forces.force_code = coalesce(districts.force_code, forces.force_code)
    group by all
),

quarters as (
    select
        quarter_label,
        min(month_start_date) as first_month,
        max(month_start_date) as last_month
    from {{ ref('dim_dates') }}
    group by all
),

named as (
    select
        figure_rows.quarter,
        figure_rows.force_code,
        figure_rows.table_name,
        figure_rows.row_key,
        figure_rows.row_json,
        figure_parts.column_name,
        figure_parts.statistic,
        figure_parts.record_kind,
        figure_parts.measure_code,
        figure_parts.counted_as,
        figure_parts.comparison_code,
        figure_parts.is_base,
        figure_parts.months_before,
        figure_parts.is_category,
        table_details.measure_code as table_measure_code,
        table_details.breakdown as table_breakdown,
        table_details.category as table_category,
        reports.end_date
    from figure_rows
    inner join figure_parts
        on list_contains(figure_rows.column_names, figure_parts.column_name)
        and figure_rows.table_name
        = coalesce(figure_parts.table_name, figure_rows.table_name)
    inner join reports using (quarter, force_code)
    left join table_details on figure_rows.table_name = table_details.table_name
),

-- What the row itself says.
said as (
    select
        * exclude (row_json, measure_code, comparison_code, table_measure_code),
        coalesce(measure_code, row_json ->> 'measure', table_measure_code)
            as measure_code,
        coalesce(comparison_code, row_json ->> 'comparison') as comparison_code,
        coalesce(cast(row_json ->> 'period_end' as date), end_date) as period_end,
        cast((row_json ->> 'month') || '-01' as date) as own_month,
        coalesce(row_json ->> 'plan_quarter', row_json ->> 'own_period')
            as own_quarter_label,
        row_json ->> 'area_name' as area_name,
        row_json ->> 'lpa' as lpa,
        row_json ->> 'strand' as strand,
        row_json ->> 'action_id' as action_id,
        row_json ->> 'unit' as unit_name,
        row_json ->> 'part' as unit_part,
        coalesce(table_category, row_json ->> 'category') as row_category,
        row_json ->> 'file_name' as file_name,
        row_json ->> 'reason' as reason
    from named
),

-- The months: the row's own, those compared, the table's, the row's quarter, the
-- unit's, or the quarter's last.
dated as (
    select
        said.*,
        coalesce(measures.source_extract, '') as source_extract,
        result_periods.month_count,
        date_trunc('month', said.end_date) as quarter_last_month,
        coalesce(
            said.own_month,
            if(said.is_base, periods.base_start, periods.period_start),
            windows.first_month - to_months(said.months_before),
            quarters.first_month
        ) as known_first_month,
        coalesce(
            said.own_month,
            if(said.is_base, periods.base_end, periods.period_end),
            windows.last_month - to_months(said.months_before),
            quarters.last_month
        ) as known_last_month
    from said
    left join measures on said.measure_code = measures.measure_code
    left join periods
        on said.comparison_code = periods.comparison_code
        and said.period_end = periods.period_end
    left join windows
        on said.quarter = windows.quarter
        and said.force_code = windows.force_code
        and said.table_name = windows.table_name
    left join quarters on said.own_quarter_label = quarters.quarter_label
    left join result_periods on said.unit_name = result_periods.unit_name
),

placed as (
    select
        dated.quarter,
        dated.force_code,
        dated.table_name,
        dated.row_key,
        dated.column_name,
        dated.statistic,
        coalesce(
            dated.record_kind,
            case dated.source_extract
                when 'crimes' then 'crime'
                when 'police_uk_street' then 'open crime'
                else 'supplementary'
            end
        ) as record_kind,
        dated.measure_code,
        dated.counted_as,
        coalesce(dated.area_name, dated.lpa) as area_name,
        case
            when
                dated.lpa is not null and dated.lpa <> {{ wording("'total_row'") }}
                then [dated.lpa] || coalesce(lpas.district_codes, [])
            when report_areas.area_level = 'combined_area'
                then combined_areas.district_codes
            when report_areas.area_level = 'district' then [report_areas.area_code]
            when
                dated.record_kind = 'action'
                and dated.action_id is null
                and dated.strand <> {{ wording("'total_row'") }}
                then [dated.strand]
        end as area_codes,
        case
            when crime_types.crime_type is not null then 'crime_type'
            when dated.record_kind = 'action' and dated.is_category then 'action'
            when dated.record_kind = 'held line' then 'file_and_reason'
            when dated.unit_name is not null
                then concat_ws('_and_', 'unit', unit_parts.breakdown)
            when dated.is_category then dated.table_breakdown
        end as breakdown,
        case
            when crime_types.crime_type is not null then crime_types.crime_type
            when dated.record_kind = 'action' and dated.is_category
                then dated.action_id
            when dated.record_kind = 'held line'
                then concat_ws(': ', dated.file_name, dated.reason)
            when dated.unit_name is not null
                then concat_ws(': ', dated.unit_name, unit_parts.category)
            when dated.is_category then dated.row_category
        end as category,
        cast(date_trunc('month', coalesce(
            dated.known_first_month,
            dated.quarter_last_month
            - to_months(coalesce(dated.month_count, 1) - 1 + dated.months_before)
        )) as date) as first_month,
        cast(date_trunc('month', coalesce(
            dated.known_last_month,
            dated.quarter_last_month - to_months(dated.months_before)
        )) as date) as last_month
    from dated
    left join report_areas
        on dated.quarter = report_areas.quarter
        and dated.force_code = report_areas.force_code
        and dated.table_name = report_areas.table_name
        and dated.measure_code = report_areas.measure_code
        and dated.area_name = report_areas.area_name
    left join combined_areas
        on dated.measure_code = combined_areas.measure_code
        and report_areas.area_code = combined_areas.area_name
    left join lpas
        on dated.force_code = lpas.force_code and dated.lpa = lpas.lpa
    left join unit_parts on dated.unit_part = unit_parts.category
    left join crime_types on dated.measure_code = crime_types.measure_code
)

select * from placed
