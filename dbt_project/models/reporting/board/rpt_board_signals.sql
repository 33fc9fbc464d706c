-- One message for each measure about the months of its quarter: the months outside the
-- usual range or, if there are none, the run that contains the latest marked month.

with

board_months as (
    select * from {{ ref('rpt_board_months') }}
    where is_in_quarter
),

-- The strongest signal of the quarter, and the latest month with it.
ranked as (
    select
        *,
        bool_or(monthly_count is not null and upper_limit is not null) over of_measure
            as has_range,
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
    from board_months
    window of_measure as (partition by quarter, force_code, measure)
),

told as (
    select
        quarter,
        force_code,
        measure,
        coalesce(signal_code, if(has_range, 'none', 'no_range')) as message_code,
        case when outside_sides < 2 then signal_side end as side,
        coalesce(outside_months, []) as months,
        run_length,
        run_start,
        run_end
    from ranked
    where signal_rank = 1
)

select * from told
