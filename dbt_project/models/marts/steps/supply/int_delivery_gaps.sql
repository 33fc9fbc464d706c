-- Gaps between deltas that are so far apart that a delivery between them, with all its
-- lines, must be missing. Full extracts have no gaps, because each contains everything
-- before it.

with

deliveries as (
    select * from {{ ref('int_deliveries') }}
    where delivery = 'delta'
),

gaps as (
    select
        force_code,
        extract,
        extracted_at as gap_start_at,
        next_extracted_at as gap_end_at,
        cast(date_trunc('month', extracted_at) as date) as first_month,
        cast(date_trunc('month', next_extracted_at) as date) as last_month
    from deliveries
    where
        date_diff('day', extracted_at, next_extracted_at)
        > cadence_days * {{ supply_rule('gap_tolerance') }}
)

select * from gaps
