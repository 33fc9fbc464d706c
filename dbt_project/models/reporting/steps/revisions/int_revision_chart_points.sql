-- The number of crimes that changed the 12-month counts since they were first
-- published, by reason. A crime counts once for each measure whose count it changed.

with

cells as (
    select * from {{ ref('int_table_cells') }}
    where table_name = 'rolling_12_months' and column_name = 'current_12_months'
),

revisions as (
    select * from {{ ref('rpt_revisions') }}
    where version = 1 and is_attributed
),

revised as (
    select revisions.*
    from revisions
    inner join cells using (quarter, force_code, figure_id)
),

report_columns as (
    select * from {{ ref('report_columns') }}
),

causes as (
    select
        quarter,
        force_code,
        unnest([
            'late',
            'reclassified_in',
            'reclassified_out',
            'transferred',
            'cancelled',
            'restated',
            'otherwise'
        ]) as column_name,
        unnest([
            late,
            reclassified_in,
            reclassified_out,
            transferred,
            cancelled,
            restated,
            otherwise
        ]) as change_count
    from revised
),

summed as (
    select
        causes.quarter,
        causes.force_code,
        'revisions' as chart_name,
        report_columns.heading as point_label,
        sum(abs(causes.change_count)) as value
    from causes
    inner join report_columns on causes.column_name = report_columns.column_name
    group by all
    having value > 0
),

placed as (
    select
        quarter,
        force_code,
        chart_name,
        row_number() over (
            partition by quarter, force_code order by value desc, point_label asc
        ) as point_position,
        cast(null as varchar) as series,
        point_label,
        cast(value as decimal(18, 1)) as value
    from summed
)

select * from placed
