with

months as (
    select * from {{ ref('int_table_months') }}
    where table_name = 'attendance_within_24_hours'
),

attended as (
    select * from {{ ref('int_supplementary_by_force') }}
    where measure_code = 'attended_within_24_hours'
),

numbered as (
    select
        months.quarter,
        months.force_code,
        row_number() over (
            partition by months.quarter, months.force_code order by months.month
        ) as row_position,
        months.month_key as month,
        cast(attended.numerator as bigint) as numerator,
        cast(attended.denominator as bigint) as denominator,
        {{ percentage('attended.numerator', 'attended.denominator') }} as share_pct,
        {{ status('attended.denominator is not null') }} as status
    from months
    left join attended using (force_code, month)
)

select * from numbered
