with

months as (
    select * from {{ ref('int_table_months') }}
    where table_name = 'outstanding_suspects'
),

lpas as (
    select distinct
        force_code,
        lpa_name
    from {{ ref('dim_districts') }}
    where lpa_name is not null
),

suspects as (
    select * from {{ ref('fct_measures_monthly') }}
    where measure_code = 'outstanding_suspects'
),

spread as (
    select
        months.quarter,
        months.force_code,
        row_number() over (
            partition by months.quarter, months.force_code
            order by lpas.lpa_name, months.month
        ) as row_position,
        lpas.lpa_name as lpa,
        months.month_key as month,
        months.month_label,
        cast(suspects.value as bigint) as suspects,
        {{ status('suspects.value is not null') }} as status
    from months
    inner join lpas on months.force_code = lpas.force_code
    left join suspects
        on months.force_code = suspects.force_code
        and months.month = suspects.month
        and lpas.lpa_name = suspects.area_code
)

select * from spread
