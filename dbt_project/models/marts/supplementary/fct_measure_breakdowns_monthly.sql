-- Only categories with records have rows. A category without a row is 0 if its month
-- was supplied.

with

records as (
    select * from {{ ref('fct_supplementary_records') }}
    where breakdown is not null
),

measures as (
    select * from {{ ref('dim_measures') }}
),

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
    where is_supplied
),

breakdown_extracts as (
    select * from {{ ref('breakdown_extracts') }}
),

supplied as (
    select
        records.force_code,
        records.measure_code,
        records.month,
        records.area_level,
        records.area_code,
        records.breakdown,
        records.category,
        cast(sum(records.record_value) as decimal(18, 3)) as value,
        cast(
            sum(records.record_value)
            filter (where {{ counts_events('measures.measure_unit') }}) as bigint
        ) as monthly_count
    from records
    inner join measures on records.measure_code = measures.measure_code
    inner join breakdown_extracts
        on records.breakdown = breakdown_extracts.breakdown
    inner join supplied_months
        on records.force_code = supplied_months.force_code
        and records.month = supplied_months.month
        and breakdown_extracts.extract = supplied_months.extract
    group by all
)

select * from supplied
