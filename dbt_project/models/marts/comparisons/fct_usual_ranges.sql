-- Each month and the usual range of its phase, with the strongest signal of the month:
-- outside a limit; else part of a trend; else two of three months far from the mean;
-- else part of a shift. A run counts all its months, whatever signals they have. Limits
-- have one decimal place and are not below 0; signals come from the exact limits.

with

months as (
    select * from {{ ref('int_range_months') }}
),

limits as (
    select * from {{ ref('int_range_limits') }}
),

with_limits as (
    select
        months.*,
        limits.average,
        limits.lower_limit,
        limits.upper_limit,
        limits.lower_warning,
        limits.upper_warning
    from months
    inner join limits
        using ({{ range_phase_columns() }})
),

-- Without limits there is no side and no direction, so no month has a signal.
with_sides as (
    select
        *,
        case
            when value > upper_limit then 'above'
            when value < lower_limit then 'below'
        end as outside_side,
        coalesce(
            (value > upper_warning and value <= upper_limit)
            or (value < lower_warning and value >= lower_limit),
            false
        ) as is_far,
        case
            when upper_limit is null then null
            when value > average then 'above'
            when value < average then 'below'
        end as mean_side,
        case
            when upper_limit is null then null
            when value > lag(value) over in_order then 'rising'
            when value < lag(value) over in_order then 'falling'
        end as direction
    from with_limits
    window in_order as (partition by {{ range_phase_columns() }} order by month)
),

-- Consecutive months on one side, or in one direction, get the same number.
numbered as (
    select
        *,
        {{ run_of_months('month', of=[range_phase_columns(), 'mean_side']) }}
            as side_run,
        {{ run_of_months('month', of=[range_phase_columns(), 'direction']) }}
            as direction_run
    from with_sides
),

measured as (
    select
        *,
        count(*) over side_months as side_length,
        min(month) over side_months as side_start,
        max(month) over side_months as side_end,
        count(*) filter (where is_far) over near_months as far_length,
        min(month) filter (where is_far) over near_months as far_start,
        max(month) filter (where is_far) over near_months as far_end,
        1 + count(*) over direction_months as direction_length,
        min(month) over direction_months - interval 1 month as direction_start,
        max(month) over direction_months as direction_end
    from numbered
    window
        side_months as (
            partition by {{ range_phase_columns() }}, mean_side, side_run
        ),
        near_months as (
            partition by {{ range_phase_columns() }}, mean_side, side_run
            order by month
            rows between 2 preceding and 2 following
        ),
        direction_months as (
            partition by {{ range_phase_columns() }}, direction, direction_run
        )
),

-- Two of three: two far months within two months of each other, in a run of at least
-- three months on that side of the mean.
tested as (
    select
        *,
        case
            when outside_side is not null
                then {{ range_signal('outside', 'outside_side') }}
        end as outside,
        case
            when direction is not null and direction_length >= 7
                then {{ range_signal(
                    'trend',
                    'direction',
                    'direction_length',
                    'direction_start',
                    'direction_end',
                ) }}
        end as trend,
        case
            when is_far and far_length >= 2 and side_length >= 3
                then {{ range_signal(
                    'two_of_three', 'mean_side', 'far_length', 'far_start', 'far_end'
                ) }}
        end as two_of_three,
        case
            when mean_side is not null and side_length >= 7
                then {{ range_signal(
                    'shift', 'mean_side', 'side_length', 'side_start', 'side_end'
                ) }}
        end as shift
    from measured
),

-- The first month of a trend has no direction of its own, so it takes the trend of the
-- next month.
marked as (
    select
        *,
        coalesce(
            outside,
            trend,
            lead(trend) over (
                partition by {{ range_phase_columns() }} order by month
            ),
            two_of_three,
            shift
        ) as month_signal
    from tested
),

shown as (
    select
        force_code,
        measure_code,
        area_level,
        area_code,
        period_end as quarter_end_date,
        month,
        phase,
        phase_cause,
        cast(value as bigint) as monthly_count,
        {{ printed_limit('average') }} as average,
        {{ printed_limit('lower_limit') }} as lower_limit,
        {{ printed_limit('upper_limit') }} as upper_limit,
        struct_extract(month_signal, 'code') as signal_code,
        struct_extract(month_signal, 'side') as signal_side,
        struct_extract(month_signal, 'length') as run_length,
        struct_extract(month_signal, 'first_month') as run_start,
        struct_extract(month_signal, 'last_month') as run_end
    from marked
)

select * from shown
