{{ config(materialized='table') }}

-- Months in which a breakdown is not known. `silent`: nothing shows a breakdown that
-- has its own extract, such as the motivations of crimes, or a unit that has a line in
-- most months. `before_first`: before a unit's first line. `held`: held lines could
-- count in the breakdown. `unrecorded`: crimes of the month have no line of its
-- extract.

with

breakdown_months as (
    select
        force_code,
        breakdown,
        category,
        month,
        sum(value) as quantity
    from {{ ref('fct_measure_breakdowns_monthly') }}
    group by all
),

supplied_months as (
    select * from {{ ref('int_supplied_months') }}
    where is_supplied
),

held_lines as (
    select
        held_lines.*,
        {{ held_line_id('held_lines') }} as held_line,
        loads.force_code
    from {{ ref('fct_quarantined_lines') }} as held_lines
    inner join {{ ref('stg_register__loads') }} as loads
        on held_lines.load_id = loads.load_id
    where held_lines.is_open and not held_lines.counts_as_before
),

crime_measures as (
    select * from {{ ref('fct_crime_measures') }}
),

records as (
    select * from {{ ref('fct_supplementary_records') }}
),

categories as (
    select * from {{ ref('categories') }}
),

forces as (
    select * from {{ ref('forces') }}
),

table_breakdowns as (
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

-- A motivation could only count with its crime. A line whose kind is not listed could
-- be of either kind.
motivations as (
    select
        held_lines.force_code,
        held_lines.held_line,
        replace(crime_measures.measure_code, '_crime', '_motivation') as breakdown,
        held_lines.line_text ->> 'motivation' as value,
        crime_measures.recorded_month as month
    from held_lines
    inner join crime_measures
        on held_lines.force_code = crime_measures.force_code
        and held_lines.line_text ->> 'crime_id' = crime_measures.crime_id
        and crime_measures.measure_code in ('hate_crime', 'knife_crime')
    where
        held_lines.extract = 'crime_motivations'
        and (
            coalesce(lower(held_lines.line_text ->> 'motivation_kind'), '')
            not in ('hate', 'knife')
            or lower(held_lines.line_text ->> 'motivation_kind') || '_crime'
            = crime_measures.measure_code
        )
),

referrals as (
    select
        held_lines.force_code,
        held_lines.held_line,
        unnest(['prevent_source', 'prevent_outcome', 'prevent_ideology']) as breakdown,
        unnest([
            held_lines.line_text ->> 'source',
            held_lines.line_text ->> 'outcome',
            held_lines.line_text ->> 'ideology'
        ]) as value,
        cast(
            date_trunc(
                'month', try_cast(held_lines.line_text ->> 'received_date' as date)
            ) as date
        ) as month
    from held_lines
    left join forces
        on held_lines.line_text ->> 'referral_force_code' = forces.force_code
    where
        held_lines.extract = 'prevent_referrals'
        and coalesce(forces.force_code, held_lines.force_code) = held_lines.force_code
),

results as (
    select
        force_code,
        held_line,
        'unit' as breakdown,
        line_text ->> 'unit_name' as value,
        cast(
            date_trunc('month', try_cast(line_text ->> 'result_month' as date))
            as date
        ) as month
    from held_lines
    where extract = 'operational_results'
),

held_values as (
    select * from motivations
    union all by name
    select * from referrals
    union all by name
    select * from results
),

-- In one category, or in any (such as any unit) if the value is not listed.
held_counts as (
    select
        held_values.force_code,
        held_values.breakdown,
        categories.category,
        held_values.month,
        'held' as gap_code,
        count(*) as line_count,
        list(held_values.held_line) as held_lines
    from held_values
    left join categories
        on held_values.breakdown = categories.breakdown
        and held_values.value = categories.category
    where held_values.month is not null
    group by all
),

breakdown_lines as (
    select
        force_code,
        breakdown,
        month,
        sum(quantity) as line_count
    from breakdown_months
    group by all
),

spine as (
    select
        supplied_months.force_code,
        supplied_months.month,
        table_breakdowns.breakdown
    from table_breakdowns
    inner join breakdown_extracts using (breakdown)
    inner join measures
        on table_breakdowns.measure_code = measures.measure_code
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
    from breakdown_lines
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
    anti join breakdown_lines using (force_code, breakdown, month)
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

-- Either no line of the breakdown was ever accepted, or the months belong to a run
-- without lines in which many lines would be expected.
silent_breakdowns as (
    select
        force_code,
        breakdown,
        month,
        'silent' as gap_code
    from expected
    where
        expected_count is null or expected_count >= {{ supply_rule('expected_lines') }}
),

-- In a silent month, every crime is without a line.
crimes_without_lines as (
    select
        crime_measures.force_code,
        spine.breakdown,
        crime_measures.recorded_month as month,
        'unrecorded' as gap_code,
        count(*) as line_count
    from crime_measures
    inner join table_breakdowns
        on crime_measures.measure_code = table_breakdowns.measure_code
    inner join spine
        on crime_measures.force_code = spine.force_code
        and table_breakdowns.breakdown = spine.breakdown
        and crime_measures.recorded_month = spine.month
    anti join records
        on crime_measures.force_code = records.force_code
        and crime_measures.measure_code = records.measure_code
        and spine.breakdown = records.breakdown
        and crime_measures.crime_id = records.record_id
    anti join silent_breakdowns
        on crime_measures.force_code = silent_breakdowns.force_code
        and spine.breakdown = silent_breakdowns.breakdown
        and crime_measures.recorded_month = silent_breakdowns.month
    group by all
),

unit_months as (
    select
        force_code,
        category as unit_name,
        month
    from breakdown_months
    where breakdown = 'unit'
),

result_months as (
    select * from supplied_months
    where extract = 'operational_results'
),

units as (
    select
        force_code,
        unit_name,
        min(month) as first_month,
        max(month) as last_month,
        count(*) as month_count
    from unit_months
    group by all
),

usual as (
    select
        units.force_code,
        units.unit_name,
        units.first_month,
        units.month_count
        >= count(*) * {{ supply_rule('usual_share') }} as is_monthly
    from units
    inner join result_months
        on units.force_code = result_months.force_code
        and result_months.month between units.first_month and units.last_month
    group by units.force_code, units.unit_name, units.first_month, units.month_count
),

-- A line of another result of the unit is evidence, and so is one with the quantity 0.
silent_unit_months as (
    select
        usual.force_code,
        usual.unit_name,
        result_months.month,
        if(result_months.month < usual.first_month, 'before_first', 'silent')
            as gap_code
    from usual
    inner join result_months on usual.force_code = result_months.force_code
    anti join unit_months
        on usual.force_code = unit_months.force_code
        and usual.unit_name = unit_months.unit_name
        and result_months.month = unit_months.month
    where result_months.month < usual.first_month or usual.is_monthly
),

silent_units as (
    select
        silent_unit_months.force_code,
        'unit' as breakdown,
        silent_unit_months.unit_name as category,
        silent_unit_months.month,
        silent_unit_months.gap_code,
        coalesce(cast(sum(held_counts.line_count) as bigint), 0) as line_count
    from silent_unit_months
    left join held_counts
        on silent_unit_months.force_code = held_counts.force_code
        and silent_unit_months.month = held_counts.month
        and held_counts.breakdown = 'unit'
        and silent_unit_months.unit_name
        = coalesce(held_counts.category, silent_unit_months.unit_name)
    group by all
),

together as (
    select * from silent_breakdowns
    union all by name
    select * from crimes_without_lines
    union all by name
    select * from silent_units
    union all by name
    select * from held_counts
    where breakdown <> 'unit'
)

select * from together
