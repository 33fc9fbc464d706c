with

months as (
    select * from {{ ref('int_table_months') }}
    where table_name = 'community_violence'
),

violence as (
    select * from {{ ref('int_supplementary_by_force') }}
    where measure_code = 'community_violence'
),

numbered as (
    select
        months.quarter,
        months.force_code,
        row_number() over (
            partition by months.quarter, months.force_code order by months.month
        ) as row_position,
        months.month_key as month,
        cast(violence.value as bigint) as incidents,
        {{ status('violence.value is not null') }} as status
    from months
    left join violence using (force_code, month)
)

select * from numbered
