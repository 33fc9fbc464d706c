-- Computes every figure that a pack prints again, from the totals of its records. Four
-- kinds are left out: limits of intervals, which come from counts by month and year
-- (int_change_intervals), usual ranges, which come from counts by month
-- (int_range_limits), rates, whose denominator is a population, and what is made from
-- the rates of several forces.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_figures'}},
        'description': 'Every figure that a pack prints equals the figure computed'
            ~ ' again from its records.',
        'remedy': "Compare the figure's parts in rpt_figure_parts with its model"
            ~ ' (make explain FIGURE=... lists its records). Correct the model or'
            ~ ' the row of seeds/layout/column_figures.csv.',
    },
) }}

with

figures as (
    select * from {{ ref('rpt_figures') }}
    where figure_value is not null
),

measures as (
    select * from {{ ref('dim_measures') }}
),

-- Many figures count the same records, so each sum is computed once.
figure_parts as (
    select
        *,
        dense_rank() over (
            order by
                force_code,
                record_kind,
                measure_code,
                counted_as,
                breakdown,
                category,
                area_codes,
                first_day,
                last_day
        ) as asked_id
    from {{ ref('rpt_figure_parts') }}
    where made_as not in ('interval', 'rate', 'rates_of_forces', 'usual_range')
),

not_sums as (
    select distinct
        force_code,
        figure_id
    from {{ ref('rpt_figure_parts') }}
    where made_as in ('interval', 'rate', 'rates_of_forces', 'usual_range')
),

record_totals as (
    select * from {{ ref('int_record_totals') }}
),

asked as (
    select distinct
        asked_id,
        force_code,
        record_kind,
        measure_code,
        counted_as,
        breakdown,
        category,
        area_codes,
        first_day,
        last_day
    from figure_parts
),

found as (
    select
        asked.asked_id,
        record_totals.counted_on,
        sum(record_totals.record_count) as record_count,
        sum(record_totals.quantity) as quantity
    from asked
    inner join record_totals
        on asked.force_code = record_totals.force_code
        and asked.record_kind = record_totals.record_kind
        and asked.counted_as = record_totals.counted_as
        and asked.measure_code
        = coalesce(record_totals.measure_code, asked.measure_code)
        and asked.breakdown is not distinct from record_totals.breakdown
        and asked.category is not distinct from record_totals.category
        and record_totals.counted_on between asked.first_day and asked.last_day
        and (
            asked.area_codes is null
            or list_contains(asked.area_codes, record_totals.area_code)
        )
    group by all
),

months as (
    select
        figure_parts.force_code,
        figure_parts.figure_id,
        figure_parts.made_as,
        figure_parts.figure_part,
        figure_parts.record_kind,
        found.counted_on,
        min(figure_parts.first_day) as first_day,
        max(figure_parts.last_day) as last_day,
        coalesce(sum(found.record_count), 0) as record_count,
        coalesce(sum(found.quantity), 0) as quantity
    from figure_parts
    left join found on figure_parts.asked_id = found.asked_id
    group by all
),

parts as (
    select
        force_code,
        figure_id,
        made_as,
        figure_part,
        date_diff('month', min(first_day), max(last_day)) + 1 as month_count,
        -- Products of two totals need more than 18 digits.
        cast(sum(quantity) as decimal(38, 3)) as total,
        -- A month without records is 0, but has no row here.
        if(count(counted_on) < month_count, least(min(quantity), 0), min(quantity))
            as lowest,
        max(quantity) as highest,
        -- Each of these records must count as 1.
        bool_or(
            record_kind in ('crime', 'solved crime', 'open crime', 'held line')
            and record_count <> quantity
        ) as has_other_quantities
    from months
    group by all
),

made as (
    select
        force_code,
        figure_id,
        made_as,
        bool_or(has_other_quantities) as has_other_quantities,
        max(total) filter (where figure_part = 'value') as whole,
        max(lowest) filter (where figure_part = 'value') as lowest,
        max(highest) filter (where figure_part = 'value') as highest,
        max(month_count) filter (where figure_part = 'value') as month_count,
        max(total) filter (where figure_part = 'current') as current_total,
        max(total) filter (where figure_part = 'base') as base_total,
        max(total) filter (where figure_part = 'numerator') as numerator,
        max(total) filter (where figure_part = 'denominator') as denominator,
        max(total) filter (where figure_part = 'base_numerator') as base_numerator,
        max(total) filter (where figure_part = 'base_denominator') as base_denominator
    from parts
    group by all
),

computed as (
    select
        *,
        case made_as
            when 'total' then whole
            when 'difference' then current_total - base_total
            when 'change_pct'
                then {{ percentage('current_total - base_total', 'base_total') }}
            when 'share' then {{ percentage('numerator', 'denominator') }}
            when 'difference_of_shares'
                then {{ percentage(
                    'numerator * base_denominator - base_numerator * denominator',
                    'denominator * base_denominator',
                ) }}
            when 'lowest_month' then lowest
            when 'highest_month' then highest
            when 'monthly_mean' then {{ rounded_quotient('whole', 'month_count', '1') }}
        end as of_records
    from made
),

compared as (
    select
        figures.force_code,
        figures.figure_id,
        computed.made_as,
        figures.figure_value,
        if(
            computed.made_as in ('total', 'difference'),
            {{ printed_amount('computed.of_records', 'measures.measure_unit') }},
            computed.of_records
        ) as of_records,
        computed.has_other_quantities
    from figures
    left join computed using (force_code, figure_id)
    left join measures on figures.measure_code = measures.measure_code
    anti join not_sums
        on figures.force_code = not_sums.force_code
        and figures.figure_id = not_sums.figure_id
)

select * from compared
where figure_value is distinct from of_records or has_other_quantities
