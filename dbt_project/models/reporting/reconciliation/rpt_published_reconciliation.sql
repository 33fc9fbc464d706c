-- Each published figure and the computed one, rounded in the same way. A figure that is
-- in no table of the quarter's report is computed here: from the long facts over the
-- period for which it was printed, or as a count of the report's strands.

with

published as (
    select * from {{ ref('published_figures') }}
),

reports as (
    select * from {{ ref('dim_reports') }}
),

published_sources as (
    select * from {{ ref('published_sources') }}
),

loads as (
    select * from {{ ref('fct_loads') }}
    where file_status = 'loaded'
),

figures as (
    select * from {{ ref('rpt_figures') }}
),

cells as (
    select * from {{ ref('rpt_cells') }}
),

measures_by_area as (
    select * from {{ ref('int_measures_by_area') }}
    where area_level <> 'combined_area'
),

stocks as (
    select * from {{ ref('int_supplementary_by_force') }}
),

strands as (
    select * from {{ ref('dim_strands') }}
),

plan_strands as (
    select * from {{ ref('int_plan_strands') }}
    where plan_position = 2
),

differences as (
    select * from {{ ref('published_differences') }}
),

flows as (
    select
        published.force_code,
        published.quarter,
        published.figure_id,
        published.statistic,
        count(*) filter (where measures_by_area.value is null) > 0 as has_gap,
        sum(measures_by_area.value) filter (
            where measures_by_area.month
            between published.period_start and published.period_end
        ) as value,
        sum(measures_by_area.value) filter (
            where measures_by_area.month
            between published.base_start and published.base_end
        ) as base
    from published
    inner join measures_by_area
        on published.force_code = measures_by_area.force_code
        and published.measure_code = measures_by_area.measure_code
        and published.area_level = measures_by_area.area_level
        and list_contains(
            string_split(published.area_codes, '|'), measures_by_area.area_code
        )
        and (
            measures_by_area.month
            between published.period_start and published.period_end
            or measures_by_area.month
            between published.base_start and published.base_end
        )
    where published.statistic in ('total', 'difference', 'pct_change')
    group by all
),

at_month_end as (
    select
        published.force_code,
        published.quarter,
        published.figure_id,
        stocks.value
    from published
    inner join stocks
        on published.force_code = stocks.force_code
        and published.measure_code = stocks.measure_code
        and last_day(stocks.month) = published.period_end
    where published.statistic = 'stock'
),

strand_counts as (
    select
        published.force_code,
        published.quarter,
        published.figure_id,
        case published.statistic
            when 'strands' then count(*)
            else count(*) filter (where plan_strands.at_risk > 0)
        end as value
    from published
    inner join reports
        on published.force_code = reports.force_code
        and published.quarter = reports.quarter
    inner join strands on reports.strategy_code = strands.strategy_code
    left join plan_strands
        on published.force_code = plan_strands.force_code
        and published.quarter = plan_strands.quarter
        and strands.strand_name = plan_strands.strand
    where published.statistic in ('strands', 'strands_at_risk')
    group by
        published.force_code,
        published.quarter,
        published.figure_id,
        published.statistic
),

own_values as (
    select
        force_code,
        quarter,
        figure_id,
        case
            when has_gap then null
            when statistic = 'total' then value
            when statistic = 'difference' then value - base
        end as value,
        case when statistic = 'pct_change' and not has_gap then value - base end
            as numerator,
        case when statistic = 'pct_change' and not has_gap then base end as denominator
    from flows
    union all by name
    select * from at_month_end
    union all by name
    select * from strand_counts
),

delivered as (
    select
        reports.quarter,
        reports.force_code,
        loads.origin,
        loads.extract,
        sum(loads.lines_delivered) as lines_delivered
    from reports
    inner join loads
        on reports.force_code = loads.force_code
        and reports.cut_off_date >= cast(loads.extracted_at as date)
    group by all
),

-- Demonstrations of another size, and invented data of tests, cannot give the published
-- figures, so they are left out.
comparable as (
    select reports.*
    from reports
    left join published_sources
        on reports.quarter = published_sources.quarter
        and reports.force_code = published_sources.force_code
    left join delivered
        on reports.quarter = delivered.quarter
        and reports.force_code = delivered.force_code
        and published_sources.origin = delivered.origin
        and published_sources.extract = delivered.extract
        and published_sources.lines_delivered = delivered.lines_delivered
    where published_sources.extract is null or delivered.extract is not null
),

addressed as (
    select
        published.quarter,
        published.force_code,
        published.figure_id as published_figure_id,
        published.section,
        published.strand as published_strand,
        published.measure as published_measure,
        published.dimension,
        published.period as published_period,
        published.verbatim_text,
        published.comparison as comparison_rule,
        coalesce(
            figures.figure_id,
            published.report_figure_id,
            published.statistic || coalesce(' of ' || published.measure_code, '')
        ) as computed_from,
        published.printed_decimals,
        published.value as published,
        published.range_low,
        published.range_high,
        coalesce(figures.figure_value, own_values.value) as value,
        coalesce(figures.figure_numerator, own_values.numerator) as numerator,
        coalesce(figures.figure_denominator, own_values.denominator) as denominator,
        differences.reason as reason_for_difference,
        -- Deliveries after the report was written lead to a revision, so they do not
        -- count here.
        comparable.cut_off_date = cast(comparable.latest_extracted_at as date)
            as is_as_published
    from published
    inner join comparable
        on published.quarter = comparable.quarter
        and published.force_code = comparable.force_code
    -- A published figure is identified by its id, or by a cell that prints it.
    left join cells
        on published.quarter = cells.quarter
        and published.force_code = cells.force_code
        and published.report_figure_id = cells.cell_id
    left join figures
        on published.force_code = figures.force_code
        and coalesce(cells.figure_id, published.report_figure_id) = figures.figure_id
    left join own_values
        on published.quarter = own_values.quarter
        and published.force_code = own_values.force_code
        and published.figure_id = own_values.figure_id
    left join differences
        on published.quarter = differences.quarter
        and published.force_code = differences.force_code
        and published.figure_id = differences.figure_id
),

rounded as (
    select
        *,
        case
            when denominator is not null
                then {{ rounded_quotient(
                    '100 * numerator', 'denominator', 'printed_decimals'
                ) }}
            else {{ rounded_quotient('value', '1', 'printed_decimals') }}
        end as computed
    from addressed
),

compared as (
    select
        *,
        coalesce(
            case comparison_rule
                when 'equal' then computed = published
                when 'at_least' then computed >= published
                when 'range' then computed between range_low and range_high
            end,
            false
        ) as is_equal
    from rounded
),

judged as (
    select
        quarter,
        force_code,
        published_figure_id,
        section,
        published_strand,
        published_measure,
        dimension,
        published_period,
        verbatim_text,
        comparison_rule,
        computed_from,
        case
            when comparison_rule = 'context' then 'context'
            when is_equal then 'agrees'
            else 'differs'
        end as reconciliation,
        case
            when comparison_rule <> 'context' and not is_equal
                then reason_for_difference
        end as reason_for_difference,
        published,
        cast(computed as decimal(18, 3)) as computed,
        cast(numerator as decimal(18, 3)) as figure_numerator,
        cast(denominator as decimal(18, 3)) as figure_denominator,
        is_as_published
    from compared
)

select * from judged
