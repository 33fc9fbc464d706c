-- The force's rates beside those of other forces, as the annex prints them
-- (open_force_rates), and what only the board report shows: the rates that its strips
-- are drawn from, and the forces that are left out.

with

compared as (
    {{ rows_with_figures('open_force_rates', {
        'rate_per_1000': 'decimal(12, 1)',
        'middle_rate': 'decimal(12, 1)',
        'highest_rate': 'decimal(12, 1)',
        'force_place': 'bigint',
        'force_count': 'bigint',
    }) }}
),

force_rates as (
    select * from {{ ref('int_open_force_rates') }}
),

together as (
    select
        compared.quarter,
        compared.force_code,
        compared.measure,
        cast({{ first_day_of_months(12, 'compared.period_end') }} as date)
            as period_start,
        compared.period_end,
        compared.rate_per_1000,
        compared.middle_rate,
        compared.highest_rate,
        compared.force_place,
        compared.force_count,
        force_rates.rates,
        force_rates.few_residents,
        force_rates.months_missing,
        force_rates.types_missing
    from compared
    inner join force_rates
        on compared.quarter = force_rates.quarter
        and compared.force_code = force_rates.force_code
        and compared.measure = force_rates.measure_code
    where compared.force_place is not null
)

select * from together
