{{ config(materialized='table') }}

-- The records of the supplementary extracts: one row for each measure towards which a
-- record counts, and one for each category in which it counts.

with

attendance as (
    {{ standing_rows('domestic_abuse_attendance', 'incident_id') }}
),

child_protection as (
    {{ standing_rows('child_protection_referrals', 'referral_id') }}
),

incidents as (
    {{ standing_rows('incidents', '_extract, incident_id') }}
),

orders as (
    {{ standing_rows('protective_orders', 'order_id') }}
),

prevent as (
    {{ standing_rows('prevent_referrals', 'referral_id') }}
),

results as (
    {{ standing_rows('operational_results', 'result_id') }}
),

suspects as (
    {{ standing_rows('outstanding_suspects', 'as_at_date, lpa_name') }}
),

team_returns as (
    {{ standing_rows('team_returns', 'as_at_date, return_item') }}
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

supplementary_measures as (
    select * from {{ ref('supplementary_measures') }}
),

-- Records whose kind decides which measures they count towards.
of_kinds as (
    select
        'child_protection_referrals' as extract,
        _force_code as force_code,
        referral_id as record_id,
        referral_kind as kind,
        received_date as record_date,
        1 as value
    from child_protection
    union all
    select
        'operational_results' as extract,
        _force_code as force_code,
        result_id as record_id,
        result_kind as kind,
        result_month as record_date,
        quantity as value
    from results
    union all
    select
        'protective_orders' as extract,
        _force_code as force_code,
        order_id as record_id,
        order_kind as kind,
        issued_date as record_date,
        1 as value
    from orders
    union all
    select
        'team_returns' as extract,
        _force_code as force_code,
        as_at_date || ' ' || return_item as record_id,
        return_item as kind,
        as_at_date as record_date,
        quantity as value
    from team_returns
),

-- A protection order (DVPO) converts its notice (DVPN). It counts in the month of the
-- notice, and each notice counts once.
followed as (
    select distinct
        _force_code,
        notice_id
    from orders
    where order_kind = 'DVPO'
),

of_force as (
    select
        of_kinds.extract,
        of_kinds.force_code,
        of_kinds.record_id,
        supplementary_measures.measure_code,
        of_kinds.record_date,
        of_kinds.value,
        null as numerator,
        null as denominator
    from of_kinds
    inner join supplementary_measures
        on of_kinds.kind = supplementary_measures.source_value
    union all
    select
        'protective_orders' as extract,
        orders._force_code as force_code,
        orders.order_id as record_id,
        'dvpn_to_dvpo' as measure_code,
        orders.issued_date as record_date,
        null as value,
        cast(followed.notice_id is not null as integer) as numerator,
        1 as denominator
    from orders
    left join followed
        on orders._force_code = followed._force_code
        and orders.order_id = followed.notice_id
    where orders.order_kind = 'DVPN'
    union all
    select
        'prevent_referrals' as extract,
        _force_code as force_code,
        referral_id as record_id,
        'prevent_referrals' as measure_code,
        received_date as record_date,
        1 as value,
        null as numerator,
        null as denominator
    from prevent
    where referral_force_code = _force_code
),

-- A measure of incidents without categories counts all of them.
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

of_districts as (
    select
        'domestic_abuse_attendance' as extract,
        _force_code as force_code,
        incident_id as record_id,
        'attended_within_24_hours' as measure_code,
        reported_at as record_date,
        district_code,
        null as value,
        cast(
            coalesce(attended_at <= reported_at + interval 24 hour, false) as integer
        ) as numerator,
        1 as denominator
    from attendance
    -- Calls of these grades are attended at once, so the aim does not apply to them.
    where grade not in ('Emergency', 'Priority')
    union all
    select
        incidents._extract as extract,
        incidents._force_code as force_code,
        incidents.incident_id as record_id,
        with_categories.measure_code,
        incidents.reported_at as record_date,
        incidents.district_code,
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
    where not incidents.is_cancelled
),

placed as (
    select
        *,
        'force' as area_level,
        force_code as area_code
    from of_force
    union all by name
    select
        of_districts.extract,
        of_districts.force_code,
        of_districts.record_id,
        of_districts.measure_code,
        of_districts.record_date,
        of_districts.value,
        of_districts.numerator,
        of_districts.denominator,
        'district' as area_level,
        {{ placed_district(
            'of_districts.district_code',
            'districts.district_code',
            'districts.force_code',
            'districts.became_code',
            'of_districts.force_code',
        ) }} as area_code
    from of_districts
    left join districts on of_districts.district_code = districts.district_code
    union all by name
    select
        'outstanding_suspects' as extract,
        _force_code as force_code,
        as_at_date || ' ' || lpa_name as record_id,
        'outstanding_suspects' as measure_code,
        as_at_date as record_date,
        'lpa' as area_level,
        lpa_name as area_code,
        suspect_count as value
    from suspects
    union all by name
    select
        'prevent_referrals' as extract,
        _force_code as force_code,
        referral_id as record_id,
        'prevent_referrals_region' as measure_code,
        received_date as record_date,
        'region' as area_level,
        region_name as area_code,
        1 as value
    from prevent
),

categories as (
    select
        'prevent_referrals' as extract,
        _force_code as force_code,
        referral_id as record_id,
        unnest(['prevent_source', 'prevent_outcome', 'prevent_ideology']) as breakdown,
        unnest([source, outcome, ideology]) as category
    from prevent
    union all
    select
        'operational_results' as extract,
        _force_code as force_code,
        result_id as record_id,
        unnest(['unit', 'unit_and_drug_class', 'unit_and_person_kind']) as breakdown,
        unnest([
            unit_name, unit_name || ': ' || drug_class, unit_name || ': ' || person_kind
        ]) as category
    from results
),

with_breakdowns as (
    select * from placed
    union all by name
    select
        placed.*,
        categories.breakdown,
        categories.category
    from placed
    inner join categories using (extract, force_code, record_id)
    where
        categories.category is not null
        and placed.measure_code <> 'prevent_referrals_region'
),

dated as (
    select
        * exclude (record_date),
        cast(date_trunc('month', record_date) as date) as month
    from with_breakdowns
)

select * from dated
