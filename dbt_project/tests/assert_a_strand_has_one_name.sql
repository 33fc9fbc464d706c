-- Each strand of a strategy has one name (I12 of the published report): in the seeds a
-- name belongs to one code, and no report table prints any other name.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_rows'}},
        'description': 'Each strand has one name: a name in the seeds belongs to'
            ~ ' one strand code, and no report table prints any other name.',
        'remedy': 'In config/ of the data home, correct the name in strands.csv or'
            ~ ' strand_aliases.csv. If a table prints a name that the'
            ~ ' strategy lacks, add the strand to the strategy.',
    },
) }}

with

strands as (
    select * from {{ ref('strands') }}
),

strand_aliases as (
    select * from {{ ref('strand_aliases') }}
),

table_rows as (
    select * from {{ ref('rpt_rows') }}
),

reports as (
    select * from {{ ref('dim_reports') }}
),

names as (
    select
        strand_name as printed_name,
        strand_code
    from strands
    union
    select
        strand_alias as printed_name,
        strand_code
    from strand_aliases
),

of_several_codes as (
    select
        'a name of several strands' as problem,
        printed_name
    from names
    group by all
    having count(distinct strand_code) > 1
),

twice_in_a_strategy as (
    select
        'a name twice in a strategy' as problem,
        strand_name as printed_name
    from strands
    group by strategy_code, strand_name
    having count(*) > 1
),

printed as (
    select distinct
        quarter,
        force_code,
        table_name,
        strand
    from table_rows
    where strand is not null
),

-- The table that compares two plans is left out: last quarter's plan may belong to the
-- previous strategy.
known as (
    select
        reports.quarter,
        reports.force_code,
        strands.strand_name
    from reports
    inner join strands on reports.strategy_code = strands.strategy_code
),

unknown as (
    select
        'a strand that the strategy lacks' as problem,
        printed.strand as printed_name
    from printed
    anti join known
        on printed.quarter = known.quarter
        and printed.force_code = known.force_code
        and printed.strand = known.strand_name
    where
        printed.table_name <> 'delivery_progress_compared'
        and printed.strand not in (
            {{ wording("'total_row'") }}, {{ wording("'all_strands'") }}
        )
),

problems as (
    select * from of_several_codes
    union all
    select * from twice_in_a_strategy
    union all
    select * from unknown
)

select * from problems
