-- The 3 months that end with each month, and the same 3 months of the year before. A
-- period has no count if one of its months was not supplied, or if it ended before the
-- area's first record. Counts that fct_comparisons does not compare have no difference
-- here either.

with

comparable_areas as (
    select * from {{ ref('int_measures_by_area') }}
    where area_level <> 'combined_area'
),

measures as (
    select * from {{ ref('dim_measures') }}
    where {{ counts_events('measure_unit') }}
),

recording_breaks as (
    select * from {{ ref('range_phases') }}
    where not is_comparable
),

summed as (
    select
        comparable_areas.*,
        case
            when
                comparable_areas.has_record
                and count(comparable_areas.value) over last_3 = 3
                then sum(comparable_areas.value) over last_3
        end as current_3_months
    from comparable_areas
    semi join measures on comparable_areas.measure_code = measures.measure_code
    window last_3 as (
        partition by
            comparable_areas.force_code,
            comparable_areas.measure_code,
            comparable_areas.area_level,
            comparable_areas.area_code
        order by comparable_areas.month
        range between interval 2 month preceding and current row
    )
),

compared as (
    select
        *,
        max(current_3_months) over year_before as year_before_3_months
    from summed
    window year_before as (
        partition by force_code, measure_code, area_level, area_code
        order by month
        range between interval 12 month preceding and interval 12 month preceding
    )
),

judged as (
    select
        *,
        (
            measure_code in (
                select measures.measure_code
                from measures
                where measures.is_defined_by_outcome
            )
        )
        or {{ is_across_a_break(
            'compared',
            'cast(compared.month - interval 14 month as date)',
            'compared.month',
        ) }} as is_incomparable
    from compared
),

with_differences as (
    select
        *,
        if(is_incomparable, null, current_3_months - year_before_3_months) as difference
    from judged
),

rolling as (
    select
        force_code,
        measure_code,
        area_level,
        area_code,
        last_day(month) as period_end,
        cast(year_before_3_months as bigint) as year_before_3_months,
        cast(current_3_months as bigint) as current_3_months,
        cast(difference as bigint) as difference,
        {{ percentage('difference', 'year_before_3_months') }} as difference_pct
    from with_differences
)

select * from rolling
