-- Measures of delivered extracts of which a force's accepted lines hold no sign at all:
-- no code, keyword or flag. Nobody can tell that from none, least of all while lines of
-- the extract are held back.

with

supplied as (
    select distinct
        force_code,
        extract
    from {{ ref('int_supplied_months') }}
),

measures as (
    select * from {{ ref('measures') }}
),

evidence as (
    select * from {{ ref('int_measure_evidence') }}
),

held_lines as (
    select * from {{ ref('fct_quarantined_lines') }}
    where is_open
),

loads as (
    select * from {{ ref('stg_register__loads') }}
),

held as (
    select
        loads.force_code,
        loads.extract,
        count(*) as held_line_count
    from held_lines
    inner join loads on held_lines.load_id = loads.load_id
    group by all
),

without_evidence as (
    select
        supplied.force_code,
        measures.measure_code,
        supplied.extract,
        coalesce(held.held_line_count, 0) as held_line_count
    from supplied
    inner join measures on supplied.extract = measures.source_extract
    left join held using (force_code, extract)
    anti join evidence
        on supplied.force_code = evidence.force_code
        and measures.measure_code = evidence.measure_code
)

select * from without_evidence
