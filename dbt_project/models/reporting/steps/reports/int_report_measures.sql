-- The measures of the tables of each report, in the order of the strands.

with

measures as (
    select * from {{ ref('int_measures_by_strand') }}
    where is_reported
),

ordered as (
    select
        quarter,
        force_code,
        force_name,
        end_date,
        measure_code,
        measure_name,
        unit,
        strand_code,
        strand_name,
        is_delivered,
        row_number() over (
            partition by quarter, force_code
            order by strand_position nulls last, measure_position
        ) as row_position
    from measures
)

select * from ordered
