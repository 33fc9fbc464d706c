-- The records that count towards a measure, with an additional row for each category in
-- which a record counts. All sums of supplementary measures come from here.

with

results as (
    select
        'operational_results' as extract,
        force_code,
        result_id as record_id,
        measure_code,
        month,
        'force' as area_level,
        force_code as area_code,
        quantity as value
    from {{ ref('int_operational_results') }}
),

together as (
    select * from {{ ref('int_protective_order_records') }}
    union all
    select * from {{ ref('int_attendance_records') }}
    union all
    select * from {{ ref('int_outstanding_suspect_records') }}
    union all
    select * from {{ ref('int_prevent_referral_records') }}
    union all
    select * from {{ ref('int_child_protection_records') }}
    union all
    select * from {{ ref('int_team_return_records') }}
    union all
    select * from {{ ref('int_incident_records') }}
    union all by name
    select * from results
    union all by name
    select * from {{ ref('int_breakdown_records') }}
),

typed as (
    select
        extract,
        force_code,
        record_id,
        measure_code,
        area_level,
        area_code,
        breakdown,
        category,
        cast(value as decimal(18, 3)) as value,
        cast(numerator as decimal(18, 3)) as numerator,
        cast(denominator as decimal(18, 3)) as denominator,
        month
    from together
)

select * from typed
