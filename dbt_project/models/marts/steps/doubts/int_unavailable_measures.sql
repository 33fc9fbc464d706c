-- Measures of delivered extracts without evidence (int_measure_evidence): none of their
-- codes, keywords or flags is on an accepted line of the force, so a 0 could be wrong.
-- The months before the first evidence are not available either, unless the evidence
-- since then is so rare that a 0 is plausible.

with

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
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

judged as (
    select
        supplied_months.force_code,
        measures.measure_code,
        supplied_months.extract,
        evidence.first_month,
        evidence.line_count,
        evidence.has_earlier_lines,
        count(*) filter (where supplied_months.month < evidence.first_month)
            as months_before,
        count(*) filter (where supplied_months.month >= evidence.first_month)
            as months_since
    from supplied_months
    inner join measures on supplied_months.extract = measures.source_extract
    left join evidence
        on supplied_months.force_code = evidence.force_code
        and measures.measure_code = evidence.measure_code
    where supplied_months.reason_code is distinct from 'before_start'
    group by all
),

without_evidence as (
    select
        judged.force_code,
        judged.measure_code,
        judged.extract,
        judged.first_month,
        coalesce(held.held_line_count, 0) as held_line_count,
        coalesce(judged.has_earlier_lines, false) as has_earlier_lines
    from judged
    left join held using (force_code, extract)
    where
        judged.first_month is null
        or judged.line_count * judged.months_before
        >= judged.months_since * {{ supply_rule('expected_lines') }}
)

select * from without_evidence
