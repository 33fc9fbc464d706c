-- The facts about several rows of a table together: the most frequent categories and
-- the next ones, the areas where a measure was highest, the range of a quarter's
-- months.

with

insight_rows as (
    select * from {{ ref('int_insight_rows') }}
    where is_available
),

outside_districts as (
    select district_name from {{ ref('dim_districts') }}
    where force_code is null
),

categories as (
    select
        *,
        rank() over (
            partition by quarter, force_code, section_code, table_name
            order by numerator desc
        ) as place,
        struct_pack(
            category := category,
            numerator := numerator,
            share_pct := cast(share_pct as decimal(12, 1))
        ) as fact
    from insight_rows
    where form = 'most' and numerator > 0
),

-- All categories that tie for first place are named.
most_frequent as (
    select
        quarter,
        force_code,
        section_code,
        slot,
        insight_position,
        1 as row_position,
        sentence_style,
        'insight_most' as kind,
        table_title as subject,
        to_json(struct_pack(
            denominator := max(denominator),
            most := list(fact order by row_position)
            filter (where place = 1),
            following := list(fact order by row_position)
            filter (where place = 2)
        )) as facts
    from categories
    group by
        quarter,
        force_code,
        section_code,
        slot,
        insight_position,
        sentence_style,
        table_title
),

areas as (
    select
        insight_rows.*,
        rank() over (
            partition by
                insight_rows.quarter,
                insight_rows.force_code,
                insight_rows.section_code,
                insight_rows.table_name,
                insight_rows.measure_code
            order by insight_rows.value desc
        ) as place
    from insight_rows
    left join outside_districts
        on insight_rows.area_name = outside_districts.district_name
    where
        insight_rows.form = 'areas'
        and outside_districts.district_name is null
        and insight_rows.area_name <> {{ wording("'total_row'") }}
),

highest_areas as (
    select
        quarter,
        force_code,
        section_code,
        slot,
        insight_position,
        min(row_position) as row_position,
        sentence_style,
        'insight_areas' as kind,
        measure_name as subject,
        measure_code,
        to_json(struct_pack(
            periods := periods,
            row_period := null,
            row_base_period := null,
            highest := list(
                struct_pack(area_name := area_name, value := value)
                order by place, area_name
            ) filter (where place <= 5 and value > 0),
            area_count := count(*),
            higher := count(*) filter (where change_code = 'higher'),
            lower := count(*) filter (where change_code = 'lower'),
            uneven := count(*) filter (where change_code = 'uneven'),
            no_clear_change := count(*) filter (where change_code = 'no_clear_change'),
            too_few := count(*) filter (where change_code = 'too_few')
        )) as facts
    from areas
    group by
        quarter,
        force_code,
        section_code,
        slot,
        insight_position,
        sentence_style,
        measure_name,
        measure_code,
        periods
    having count(*) filter (where place <= 5 and value > 0) > 0
),

ranges as (
    select * from insight_rows
    where form = 'range'
),

two_quarters as (
    select
        ranges.quarter,
        ranges.force_code,
        ranges.section_code,
        ranges.slot,
        ranges.insight_position,
        ranges.row_position,
        ranges.sentence_style,
        'insight_range' as kind,
        ranges.measure_name as subject,
        ranges.measure_code,
        to_json(struct_pack(
            periods := ranges.periods,
            row_period := null,
            row_base_period := null,
            lowest := ranges.lowest,
            highest := ranges.highest,
            average := cast(ranges.average as decimal(12, 1)),
            base_lowest := bases.lowest,
            base_highest := bases.highest,
            base_average := cast(bases.average as decimal(12, 1))
        )) as facts
    from ranges
    inner join ranges as bases
        on ranges.quarter = bases.quarter
        and ranges.force_code = bases.force_code
        and ranges.section_code = bases.section_code
        and ranges.table_name = bases.table_name
        and ranges.own_period <> bases.own_period
    where ranges.own_period = ranges.quarter_label
),

together as (
    select * from most_frequent
    union all by name
    select * from highest_areas
    union all by name
    select * from two_quarters
)

select * from together
