-- The points of the charts of figures, and the number of crimes that changed the
-- 12-month counts since they were first published, by reason.

with

points as (
    select * from {{ ref('int_chart_points') }}
    where is_delivered
),

charts as (
    select * from {{ ref('rpt_charts') }}
),

revisions as (
    select * from {{ ref('rpt_revisions') }}
    where version = 1 and is_attributed
),

leading_cells as (
    select * from {{ ref('rpt_cells') }}
    where table_name = 'rolling_12_months' and column_name = 'current_12_months'
),

report_columns as (
    select * from {{ ref('report_columns') }}
),

of_charts as (
    select points.*
    from points
    semi join charts using (quarter, force_code, chart_name)
),

revised as (
    select revisions.*
    from revisions
    semi join leading_cells using (quarter, force_code, figure_id)
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
            'outcome_changed',
            'restated',
            'otherwise'
        ]) as column_name,
        unnest([
            late,
            reclassified_in,
            reclassified_out,
            transferred,
            cancelled,
            outcome_changed,
            restated,
            otherwise
        ]) as change_count
    from revised
),

-- A crime counts once for each measure whose count it changed.
change_counts as (
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

by_cause as (
    select
        quarter,
        force_code,
        chart_name,
        row_number() over (
            partition by quarter, force_code order by value desc, point_label asc
        ) as point_position,
        cast(null as varchar) as series,
        point_label,
        cast(value as decimal(18, 1)) as point_value
    from change_counts
),

together as (
    select * exclude (month, is_delivered) rename (value as point_value)
    from of_charts
    union all
    select * from by_cause
),

with_extremes as (
    select
        *,
        {{ extremes('point_value', 'line') }}
    from together
    window line as (partition by quarter, force_code, chart_name, series)
)

select * from with_extremes
