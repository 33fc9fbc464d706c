-- One message for each measure about the months of its quarter: the months outside the
-- usual range or, if there are none, the run that contains the latest marked month.

with

measures as (
    select * from {{ ref('int_report_measures') }}
    where is_on_board
),

usual_ranges as (
    select * from {{ ref('fct_usual_ranges') }}
    where area_level = 'force'
),

quarter_months as (
    select
        measures.quarter,
        measures.force_code,
        measures.measure_code as measure,
        usual_ranges.month,
        usual_ranges.monthly_count,
        usual_ranges.upper_limit,
        usual_ranges.signal_code,
        usual_ranges.signal_side,
        usual_ranges.run_length,
        usual_ranges.run_start,
        usual_ranges.run_end
    from measures
    left join usual_ranges
        on measures.force_code = usual_ranges.force_code
        and measures.measure_code = usual_ranges.measure_code
        and measures.quarter_end_date = usual_ranges.quarter_end_date
        and measures.quarter_start_date <= usual_ranges.month
),

-- The strongest signal of the quarter, and the latest month with it.
ranked as (
    select
        *,
        bool_or(monthly_count is not null and upper_limit is not null) over of_measure
            as has_range,
        count(monthly_count) over of_measure as value_count,
        count(month) over of_measure as month_count,
        list(month order by month) filter (where signal_code = 'outside')
            over of_measure as outside_months,
        count(distinct signal_side) filter (where signal_code = 'outside')
            over of_measure as outside_sides,
        row_number() over (
            partition by quarter, force_code, measure
            order by
                list_position(
                    ['outside', 'trend', 'two_of_three', 'shift'], signal_code
                ) nulls last,
                month desc
        ) as signal_rank
    from quarter_months
    window of_measure as (partition by quarter, force_code, measure)
),

told as (
    select
        quarter,
        force_code,
        measure,
        coalesce(
            signal_code,
            case
                when value_count = 0 then 'no_months'
                when not has_range then 'no_range'
                when value_count < month_count then 'some_months'
                else 'none'
            end
        ) as message_code,
        case when outside_sides < 2 then signal_side end as side,
        coalesce(outside_months, []) as months,
        run_length,
        run_start,
        run_end
    from ranked
    where signal_rank = 1
)

select * from told
