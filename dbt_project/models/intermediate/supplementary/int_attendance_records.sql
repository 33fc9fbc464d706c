with

incidents as (
    {{ standing_rows('domestic_abuse_attendance', 'incident_id') }}
),

districts as (
    select * from {{ ref('districts') }}
),

placed as (
    select
        'domestic_abuse_attendance' as extract,
        incidents._force_code as force_code,
        incidents.incident_id as record_id,
        'attended_within_24_hours' as measure_code,
        cast(date_trunc('month', incidents.reported_at) as date) as month,
        'district' as area_level,
        {{ placed_district(
            'incidents.district_code',
            'districts.district_code',
            'districts.force_code',
            'districts.became_code',
            'incidents._force_code',
        ) }} as area_code,
        null as value,
        cast(
            coalesce(
                incidents.attended_at <= incidents.reported_at + interval 24 hour, false
            ) as integer
        ) as numerator,
        1 as denominator
    from incidents
    left join districts on incidents.district_code = districts.district_code
    -- Calls of these grades are attended at once, so the aim does not apply to them.
    where incidents.grade not in ('Emergency', 'Priority')
)

select * from placed
