-- Sparse: a category without a row is zero where its month was supplied whole.

with

breakdowns as (
    select * from {{ ref('int_supplementary_breakdowns') }}
),

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
    where is_supplied
),

breakdown_extracts as (
    select * from {{ ref('breakdown_extracts') }}
),

supplied as (
    select breakdowns.*
    from breakdowns
    inner join breakdown_extracts
        on breakdowns.breakdown = breakdown_extracts.breakdown
    inner join supplied_months
        on breakdowns.force_code = supplied_months.force_code
        and breakdowns.month = supplied_months.month
        and breakdown_extracts.extract = supplied_months.extract
)

select * from supplied
