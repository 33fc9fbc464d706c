{{ config(materialized='table') }}

-- The number of records of each month in each extract. It includes records that do not
-- count, because a cancelled crime also shows that its month was delivered. For open
-- data, only crimes are counted, because anti-social behaviour is delivered even if a
-- force's crimes are missing. A motivation is a record of the month of its crime. For a
-- force's crimes, it also has the day on which the month's records begin.
--
-- Months of which deltas only have updates are marked: months before the first delta of
-- which no single delivery, such as a history file, has half of the lines. Without a
-- history file, the first delta contains only the lines since one cadence before it, so
-- the first delta's own month may be incomplete too.

with

crimes as (
    select * from {{ ref('fct_crimes') }}
),

-- A breakdown repeats a record.
records as (
    select * from {{ ref('int_supplementary_records') }}
    where breakdown is null
),

motivations as (
    {{ standing_rows('crime_motivations', 'crime_id, motivation_kind, motivation') }}
),

open_crimes as (
    select * from {{ ref('fct_open_crimes') }}
),

deliveries as (
    select * from {{ ref('int_deliveries') }}
    where delivery = 'delta'
),

early_lines as (
    select * from {{ ref('int_early_lines') }}
),

open_crime_types as (
    select distinct rules.crime_type
    from {{ ref('measure_rules') }} as rules
    inner join {{ ref('measures') }} as measures
        on rules.measure_code = measures.measure_code
    where rules.crime_type is not null and measures.unit = 'crimes'
),

crimes_by_day as (
    select
        force_code,
        recorded_month as month,
        day(recorded_at) as day_number,
        count(*) as record_count
    from crimes
    group by all
),

crimes_to_day as (
    select
        *,
        sum(record_count) over (partition by force_code, month order by day_number)
            as crimes_to_here,
        sum(record_count) over (partition by force_code, month) as all_crimes
    from crimes_by_day
),

counted as (
    select
        'crimes' as extract,
        force_code,
        month,
        cast(sum(record_count) as bigint) as record_count,
        min(day_number) filter (
            where crimes_to_here >= all_crimes * {{ supply_rule('begun_share') }}
        ) as begun_day
    from crimes_to_day
    group by all
    union all by name
    select
        extract,
        force_code,
        month,
        count(distinct record_id) as record_count
    from records
    group by all
    union all by name
    select
        'crime_motivations' as extract,
        crimes.force_code,
        crimes.recorded_month as month,
        count(*) as record_count
    from motivations
    inner join crimes
        on motivations._force_code = crimes.force_code
        and motivations.crime_id = crimes.crime_id
    group by all
    union all by name
    select
        'police_uk_street' as extract,
        open_crimes.force_code,
        open_crimes.recorded_month as month,
        count(*) as record_count
    from open_crimes
    inner join open_crime_types
        on open_crimes.crime_type = open_crime_types.crime_type
    group by all
),

first_deliveries as (
    select
        force_code,
        extract,
        cast(date_trunc('month', min(extracted_at)) as date) as first_month,
        cast(min(extracted_at) as date) - any_value(cadence_days) as covered_from_date
    from deliveries
    group by all
),

largest as (
    select
        extract,
        force_code,
        month,
        max(line_count) as line_count
    from early_lines
    group by all
),

updated as (
    select
        largest.force_code,
        largest.extract,
        largest.month,
        first_deliveries.first_month,
        first_deliveries.covered_from_date
    from largest
    inner join first_deliveries using (force_code, extract)
    inner join counted using (force_code, extract, month)
    where
        largest.line_count < counted.record_count * {{ supply_rule('history_share') }}
),

in_part as (
    select
        force_code,
        extract,
        month
    from updated
    union all
    select
        force_code,
        extract,
        first_month as month
    from updated
    where
        month = first_month - interval 1 month
        and first_month < covered_from_date
),

marked as (
    select
        counted.*,
        in_part.month is not null as is_of_updates
    from counted
    left join in_part
        on counted.force_code = in_part.force_code
        and counted.extract = in_part.extract
        and counted.month = in_part.month
)

select * from marked
