with

incidents as (
    {{ standing_rows('incidents', '_extract, incident_id') }}
),

districts as (
    select * from {{ ref('districts') }}
),

measures as (
    select * from {{ ref('measures') }}
),

incident_measures as (
    select * from {{ ref('incident_measures') }}
),

-- A measure without categories counts all of them.
with_categories as (
    select
        measures.measure_code,
        measures.source_extract,
        list(lower(incident_measures.category)) filter (
            where incident_measures.category is not null
        ) as categories
    from measures
    left join incident_measures
        on measures.measure_code = incident_measures.measure_code
    group by all
),

placed as (
    select
        incidents._extract as extract,
        incidents._force_code as force_code,
        incidents.incident_id as record_id,
        with_categories.measure_code,
        cast(date_trunc('month', incidents.reported_at) as date) as month,
        'district' as area_level,
        {{ placed_district(
            'incidents.district_code',
            'districts.district_code',
            'districts.force_code',
            'districts.became_code',
            'incidents._force_code',
        ) }} as area_code,
        1 as value,
        null as numerator,
        null as denominator
    from incidents
    inner join with_categories
        on incidents._extract = with_categories.source_extract
        and (
            with_categories.categories is null
            or list_contains(with_categories.categories, lower(incidents.category))
        )
    left join districts on incidents.district_code = districts.district_code
    where not incidents.is_cancelled
)

select * from placed
