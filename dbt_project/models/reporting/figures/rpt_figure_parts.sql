-- Which records each figure counts: of which measure, days, area and category. A figure
-- that is made from others counts what they count.

with

cells as (
    select * from {{ ref('int_table_cells') }}
    where number_format <> 'text'
),

statistic_parts as (
    select * from {{ ref('statistic_parts') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

reports as (
    select * from {{ ref('dim_reports') }}
),

crime_types as (
    select * from {{ ref('measure_rules') }}
    where crime_type is not null
),

area_districts as (
    select * from {{ ref('int_area_districts') }}
),

parted as (
    select
        cells.quarter,
        cells.force_code,
        cells.figure_id,
        statistic_parts.part,
        statistic_parts.part_statistic,
        statistic_parts.made_as as statistic,
        cells.measure_code,
        cells.area_name,
        cells.area_level,
        cells.area_code,
        cells.breakdown,
        cells.category,
        cells.plan_quarter_end,
        if(statistic_parts.is_base, cells.base_first_day, cells.first_day)
            as first_day,
        if(statistic_parts.is_base, cells.base_last_day, cells.last_day) as last_day
    from cells
    inner join statistic_parts on cells.statistic = statistic_parts.statistic
),

-- What a record of each kind of measure is, and what of it counts.
kinds as (
    select
        parted.*,
        case
            when parted.measure_code = 'held_lines' then 'held line'
            when
                starts_with(parted.measure_code, 'plan_actions_')
                or starts_with(parted.measure_code, 'days_')
                then 'action'
            when
                parted.breakdown is not null
                and parted.part_statistic <> 'category_denominator'
                then 'supplementary'
            when parted.part_statistic = 'solved_count' then 'solved crime'
            when measures.source_extract = 'crimes' then 'crime'
            when measures.source_extract = 'police_uk_street' then 'open crime'
            else 'supplementary'
        end as record_kind,
        parted.part_statistic = 'category_denominator' as is_whole,
        coalesce(parted.plan_quarter_end, reports.end_date) as quarter_end
    from parted
    inner join reports using (quarter, force_code)
    left join measures on parted.measure_code = measures.measure_code
),

-- An action and a held line count in the last month of their quarter.
dated as (
    select
        * replace (
            if(record_kind in ('action', 'held line'), quarter_end, first_day)
                as first_day,
            if(record_kind in ('action', 'held line'), quarter_end, last_day)
                as last_day
        )
    from kinds
),

placed as (
    select
        dated.quarter,
        dated.force_code,
        dated.figure_id,
        dated.part,
        dated.statistic,
        dated.record_kind,
        if(
            dated.record_kind = 'action', 'delivery_plan_actions', dated.measure_code
        ) as measure_code,
        case
            when dated.record_kind = 'action'
                then replace(dated.measure_code, 'plan_actions_', '')
            when dated.part_statistic in ('numerator', 'denominator')
                then dated.part_statistic
            when dated.part_statistic like '%\_outcome\_count' escape '\'
                then replace(dated.part_statistic, '_count', '')
            else 'value'
        end as counted_as,
        dated.area_name,
        case
            when crime_types.crime_type is not null then 'crime_type'
            when dated.is_whole or dated.breakdown = 'strand' then null
            else dated.breakdown
        end as breakdown,
        case
            when crime_types.crime_type is not null then crime_types.crime_type
            when dated.is_whole or dated.breakdown = 'strand' then null
            else dated.category
        end as category,
        case
            when dated.breakdown = 'strand' then [dated.category]
            else area_districts.area_codes
        end as area_codes,
        cast(date_trunc('month', dated.first_day) as date) as first_month,
        cast(date_trunc('month', dated.last_day) as date) as last_month
    from dated
    left join area_districts
        on dated.force_code = area_districts.force_code
        and dated.measure_code
        = coalesce(area_districts.measure_code, dated.measure_code)
        and dated.area_level = area_districts.area_level
        and dated.area_code = area_districts.area_code
    left join crime_types on dated.measure_code = crime_types.measure_code
)

select * from placed
