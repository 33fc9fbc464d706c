-- Each figure as published, and as it is now. For counts of crimes, the reasons of the
-- difference are counted; `otherwise` is the rest, because rules or code changed.

with

published as (
    select * from {{ ref('fct_publication_figures') }}
),

cells as (
    select * from {{ ref('rpt_cells') }}
),

figures as (
    select * from {{ ref('rpt_figures') }}
),

figure_parts as (
    select * from {{ ref('rpt_figure_parts') }}
),

revised_crimes as (
    select * from {{ ref('int_revised_crimes') }}
),

-- Open data is replaced by whole months.
restated_months as (
    select * from {{ ref('int_publication_loads') }}
    where month is not null and not is_known
),

-- Older versions, published before figures had ids, identify a figure by its cell; the
-- same cell prints the figure today.
named as (
    select
        published.* replace (
            if(
                published.figure_id = published.cell_id,
                coalesce(cells.figure_id, published.cell_id),
                published.figure_id
            ) as figure_id
        )
    from published
    left join cells
        on published.quarter = cells.quarter
        and published.force_code = cells.force_code
        and published.cell_id = cells.cell_id
),

-- A figure has the same value in all its cells, so any of them is used.
published_figures as (
    select
        quarter,
        version,
        force_code,
        figure_id,
        min_by(published_value, cell_id) as published_value
    from named
    group by all
),

compared as (
    select
        published_figures.quarter,
        published_figures.force_code,
        published_figures.version,
        published_figures.figure_id,
        figures.measure_code,
        figures.statistic,
        published_figures.published_value,
        figures.figure_value as current_value,
        cast(
            figures.figure_value - published_figures.published_value as decimal(18, 3)
        ) as difference
    from published_figures
    left join figures using (force_code, figure_id)
),

counts_of_crimes as (
    select
        force_code,
        figure_id
    from figure_parts
    group by all
    having
        bool_and(
            record_kind in ('crime', 'solved crime', 'open crime')
            and made_as in ('total', 'difference')
        )
),

moved as (
    select
        revised_crimes.quarter,
        revised_crimes.version,
        revised_crimes.force_code,
        figure_parts.figure_id,
        revised_crimes.cause,
        sum(if(figure_parts.figure_part = 'base', -1, 1) * revised_crimes.change_count)
            as change_count
    from revised_crimes
    inner join figure_parts
        on revised_crimes.force_code = figure_parts.force_code
        and revised_crimes.record_kind = figure_parts.record_kind
        and revised_crimes.measure_code = figure_parts.measure_code
        and revised_crimes.month
        between figure_parts.first_day and figure_parts.last_day
        and (
            figure_parts.area_codes is null
            or list_contains(figure_parts.area_codes, revised_crimes.district_code)
        )
    group by all
),

by_cause as (
    select
        quarter,
        version,
        force_code,
        figure_id,
        sum(change_count) filter (where cause = 'late') as late,
        sum(change_count) filter (where cause = 'reclassified_in') as reclassified_in,
        sum(change_count) filter (where cause = 'reclassified_out')
            as reclassified_out,
        sum(change_count) filter (where cause = 'transferred') as transferred,
        sum(change_count) filter (where cause = 'cancelled') as cancelled,
        sum(change_count) filter (where cause = 'outcome_changed') as outcome_changed
    from moved
    group by all
),

restated_figures as (
    select distinct
        restated_months.quarter,
        restated_months.version,
        restated_months.force_code,
        figure_parts.figure_id
    from restated_months
    inner join figure_parts
        on restated_months.force_code = figure_parts.force_code
        and restated_months.month
        between figure_parts.first_day and figure_parts.last_day
    where figure_parts.record_kind = 'open crime'
),

attributed as (
    select
        compared.*,
        counts_of_crimes.figure_id is not null and compared.difference is not null
            as is_attributed,
        case when is_attributed then coalesce(by_cause.late, 0) end as late,
        case when is_attributed then coalesce(by_cause.reclassified_in, 0) end
            as reclassified_in,
        case when is_attributed then coalesce(by_cause.reclassified_out, 0) end
            as reclassified_out,
        case when is_attributed then coalesce(by_cause.transferred, 0) end
            as transferred,
        case when is_attributed then coalesce(by_cause.cancelled, 0) end as cancelled,
        case when is_attributed then coalesce(by_cause.outcome_changed, 0) end
            as outcome_changed,
        case
            when is_attributed
                then if(restated_figures.figure_id is null, 0, compared.difference)
        end as restated
    from compared
    left join counts_of_crimes using (force_code, figure_id)
    left join by_cause using (quarter, version, force_code, figure_id)
    left join restated_figures using (quarter, version, force_code, figure_id)
),

summed as (
    select
        quarter,
        force_code,
        version,
        figure_id,
        measure_code,
        statistic,
        published_value,
        current_value,
        difference as value_difference,
        cast(late as bigint) as late,
        cast(reclassified_in as bigint) as reclassified_in,
        cast(reclassified_out as bigint) as reclassified_out,
        cast(transferred as bigint) as transferred,
        cast(cancelled as bigint) as cancelled,
        cast(outcome_changed as bigint) as outcome_changed,
        cast(restated as bigint) as restated,
        cast(
            difference - late - reclassified_in - reclassified_out - transferred
            - cancelled - outcome_changed - restated as bigint
        ) as otherwise,
        is_attributed
    from attributed
)

select * from summed
