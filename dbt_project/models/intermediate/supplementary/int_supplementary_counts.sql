{{ config(materialized='table') }}

-- What was found in the supplementary extracts; months and areas without a row are
-- filled in by int_supplementary_months.

with

together as (
    select * from {{ ref('int_protective_order_counts') }}
    union all
    select * from {{ ref('int_attendance_counts') }}
    union all
    select * from {{ ref('int_outstanding_suspect_counts') }}
    union all
    select * from {{ ref('int_prevent_referral_counts') }}
    union all
    select * from {{ ref('int_child_protection_counts') }}
    union all
    select * from {{ ref('int_operational_result_counts') }}
    union all
    select * from {{ ref('int_team_return_counts') }}
),

typed as (
    select
        extract,
        force_code,
        measure_code,
        month,
        area_level,
        area_code,
        cast(value as decimal(18, 3)) as value,
        cast(numerator as decimal(18, 3)) as numerator,
        cast(denominator as decimal(18, 3)) as denominator
    from together
)

select * from typed
