-- The rows of the tables of the delivery plan by strand, with this quarter's plan or
-- also the previous quarter's.

with

plan_strands as (
    select * from {{ ref('int_plan_strands') }}
),

tables as (
    select * from {{ ref('table_details') }}
),

numbered as (
    select
        plan_strands.quarter,
        plan_strands.force_code,
        tables.table_name,
        row_number() over (
            partition by
                plan_strands.quarter, plan_strands.force_code, tables.table_name
            order by
                plan_strands.is_total,
                plan_strands.strand_position,
                plan_strands.strand,
                plan_strands.plan_position
        ) as row_position,
        concat_ws(
            '|',
            plan_strands.strand,
            if(tables.row_kind = 'strands_compared', plan_strands.plan_quarter, null)
        ) as row_key,
        if(plan_strands.is_total, null, 'strand') as breakdown,
        if(plan_strands.is_total, null, plan_strands.strand) as category,
        'force' as area_level,
        plan_strands.force_code as area_code,
        plan_strands.plan_day as first_day,
        plan_strands.plan_day as last_day,
        plan_strands.strand,
        plan_strands.plan_quarter,
        plan_strands.plan_as_at_date,
        plan_strands.plan_quarter_end
    from plan_strands
    inner join tables
        on tables.row_kind = 'strands_compared'
        or (tables.row_kind = 'strands' and plan_strands.plan_position = 2)
)

select * from numbered
