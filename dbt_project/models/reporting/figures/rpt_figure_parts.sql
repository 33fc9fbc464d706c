-- Which records each figure counts: their measure, days, area and category. A figure
-- that is made from other figures counts the records of these figures.

with

cells as (
    select * from {{ ref('rpt_cells') }}
    where number_format <> 'text' and figure_id is not null
),

statistic_parts as (
    select * from {{ ref('statistic_parts') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

pack_measures as (
    select * from {{ ref('pack_measures') }}
),

crime_types as (
    select * from {{ ref('measure_rules') }}
    where crime_type is not null
),

districts as (
    select * from {{ ref('int_districts') }}
),

combined_areas as (
    select * from {{ ref('combined_areas') }}
),

forces as (
    select distinct force_code from {{ ref('dim_reports') }}
),

-- The codes under which the records of an area are found. A force and a region have no
-- row, because all of their records count.
of_forces as (
    select
        forces.force_code,
        districts.district_code,
        districts.lpa_name
    from forces
    inner join districts
        on forces.force_code = coalesce(districts.force_code, forces.force_code)
),

in_districts as (
    select
        force_code,
        null as measure_code,
        'district' as area_level,
        district_code as area_code,
        [district_code] as area_codes
    from of_forces
),

-- A stock is supplied by local policing area, so its name is added to its districts.
in_lpas as (
    select
        force_code,
        null as measure_code,
        'lpa' as area_level,
        coalesce(lpa_name, 'elsewhere') as area_code,
        [coalesce(lpa_name, {{ wording("'elsewhere_row'") }})]
        || list(district_code order by district_code) as area_codes
    from of_forces
    group by force_code, lpa_name
),

in_combined_areas as (
    select
        forces.force_code,
        combined_areas.measure_code,
        'combined_area' as area_level,
        combined_areas.area_name as area_code,
        list(combined_areas.district_code order by combined_areas.district_code)
            as area_codes
    from forces
    cross join combined_areas
    group by all
),

area_districts as (
    select * from in_districts
    union all
    select * from in_lpas
    union all
    select * from in_combined_areas
),

-- The figures of rpt_figures, as far as they say which records count.
figures as (
    select
        force_code,
        figure_id,
        measure_code,
        breakdown,
        category,
        area_level,
        area_code,
        max(area_name) as area_name,
        statistic,
        first_day,
        last_day,
        base_first_day,
        base_last_day
    from cells
    group by all
),

parted as (
    select
        figures.force_code,
        figures.figure_id,
        statistic_parts.part,
        statistic_parts.part_statistic,
        statistic_parts.made_as,
        figures.measure_code,
        figures.area_name,
        figures.area_level,
        figures.area_code,
        figures.breakdown,
        figures.category,
        if(statistic_parts.is_base, figures.base_first_day, figures.first_day)
            as first_day,
        if(statistic_parts.is_base, figures.base_last_day, figures.last_day)
            as last_day
    from figures
    inner join statistic_parts on figures.statistic = statistic_parts.statistic
),

-- The kind of record of each measure, and what is counted of it.
kinds as (
    select
        parted.*,
        case
            when pack_measures.record_kind is not null then pack_measures.record_kind
            when
                parted.breakdown is not null
                and parted.part_statistic <> 'category_denominator'
                then 'supplementary'
            when parted.part_statistic = 'solved_count' then 'solved crime'
            when measures.source_extract = 'crimes' then 'crime'
            when measures.source_extract = 'police_uk_street' then 'open crime'
            else 'supplementary'
        end as record_kind,
        case
            when parted.part_statistic in ('numerator', 'denominator')
                then parted.part_statistic
            when parted.part_statistic like '%\_outcome\_count' escape '\'
                then replace(parted.part_statistic, '_count', '')
            else 'value'
        end as counted_as,
        parted.breakdown is null
        or parted.breakdown = 'strand'
        or parted.part_statistic = 'category_denominator'
            as is_of_all_categories
    from parted
    left join measures on parted.measure_code = measures.measure_code
    left join pack_measures on parted.measure_code = pack_measures.measure_code
),

placed as (
    select
        kinds.force_code,
        kinds.figure_id,
        kinds.part as figure_part,
        kinds.made_as,
        kinds.record_kind,
        kinds.measure_code,
        kinds.counted_as,
        kinds.area_name,
        case
            when crime_types.crime_type is not null then 'crime_type'
            when not kinds.is_of_all_categories then kinds.breakdown
        end as breakdown,
        case
            when crime_types.crime_type is not null then crime_types.crime_type
            when not kinds.is_of_all_categories then kinds.category
        end as category,
        case
            when kinds.breakdown = 'strand' then [kinds.category]
            else area_districts.area_codes
        end as area_codes,
        kinds.first_day,
        kinds.last_day
    from kinds
    left join area_districts
        on kinds.force_code = area_districts.force_code
        and kinds.measure_code
        = coalesce(area_districts.measure_code, kinds.measure_code)
        and kinds.area_level = area_districts.area_level
        and kinds.area_code = area_districts.area_code
    left join crime_types on kinds.measure_code = crime_types.measure_code
)

select * from placed
