-- Supplied months without evidence of a breakdown that has its own extract, such as the
-- motivations of crimes. Either no line of the breakdown was ever accepted, or the
-- months belong to a run without lines in which many lines would be expected.

with

table_details as (
    select distinct
        measure_code,
        breakdown
    from {{ ref('table_details') }}
    where breakdown is not null
),

breakdown_extracts as (
    select * from {{ ref('breakdown_extracts') }}
),

measures as (
    select * from {{ ref('measures') }}
),

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
    where is_supplied
),

monthly as (
    select
        force_code,
        breakdown,
        month,
        sum(value) as line_count
    from {{ ref('fct_measure_breakdowns_monthly') }}
    group by all
),

spine as (
    select
        supplied_months.force_code,
        supplied_months.month,
        table_details.breakdown
    from table_details
    inner join breakdown_extracts using (breakdown)
    inner join measures
        on table_details.measure_code = measures.measure_code
        and breakdown_extracts.extract <> measures.source_extract
    inner join supplied_months on breakdown_extracts.extract = supplied_months.extract
),

spans as (
    select
        force_code,
        breakdown,
        min(month) as first_month,
        max(month) as last_month,
        sum(line_count) as line_count
    from monthly
    group by all
),

rates as (
    select
        spans.force_code,
        spans.breakdown,
        spans.line_count / count(*) as lines_a_month
    from spans
    inner join spine
        on spans.force_code = spine.force_code
        and spans.breakdown = spine.breakdown
        and spine.month between spans.first_month and spans.last_month
    group by spans.force_code, spans.breakdown, spans.line_count
),

without_lines as (
    select
        spine.*,
        {{ run_of_months('spine.month', of=['spine.force_code', 'spine.breakdown']) }}
            as run
    from spine
    anti join monthly using (force_code, breakdown, month)
),

expected as (
    select
        without_lines.force_code,
        without_lines.breakdown,
        without_lines.month,
        rates.lines_a_month * count(*) over (
            partition by
                without_lines.force_code, without_lines.breakdown, without_lines.run
        ) as expected_count
    from without_lines
    left join rates using (force_code, breakdown)
),

silent as (
    select
        force_code,
        breakdown,
        month
    from expected
    where
        expected_count is null or expected_count >= {{ supply_rule('expected_lines') }}
)

select * from silent
