-- The results of the operational units that the board report shows, with their change.

with

table_rows as (
    select * from {{ ref('int_unit_rows') }}
    where table_name = 'unit_comparisons'
),

comparisons as (
    select * from {{ ref('int_unit_comparisons') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

results as (
    select
        table_rows.quarter,
        table_rows.force_code,
        table_rows.row_position,
        table_rows.strand,
        table_rows.unit,
        table_rows.measure_code as measure,
        table_rows.measure_name,
        measures.is_plural,
        comparisons.part,
        table_rows.quantity_unit,
        comparisons.period_start,
        comparisons.period_end,
        comparisons.base_start,
        comparisons.base_end,
        cast(
            {{ printed_amount('comparisons.base_count', 'measures.measure_unit') }}
            as decimal(18, 1)
        ) as year_before_quantity,
        cast(
            {{ printed_amount('comparisons.current_count', 'measures.measure_unit') }}
            as decimal(18, 1)
        ) as quantity,
        cast(
            {{ printed_amount('comparisons.difference', 'measures.measure_unit') }}
            as decimal(18, 1)
        ) as quantity_difference,
        comparisons.difference_pct,
        comparisons.change_code,
        {{ signed_digits('comparisons.range_lower_pct') }} as range_lower_text,
        {{ signed_digits('comparisons.range_upper_pct') }} as range_upper_text,
        comparisons.clearness,
        comparisons.months_lower,
        comparisons.months_higher,
        comparisons.months_equal,
        {{ status('comparisons.difference is not null') }} as status
    from table_rows
    inner join comparisons
        on table_rows.quarter = comparisons.quarter
        and table_rows.force_code = comparisons.force_code
        and table_rows.measure_code = comparisons.measure_code
        and table_rows.breakdown = comparisons.breakdown
        and table_rows.category = comparisons.category
    inner join measures on table_rows.measure_code = measures.measure_code
)

select * from results
