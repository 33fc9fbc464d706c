{{ config(materialized='table') }}

-- The first and last month of each extract for each force, and its last extraction
-- time. Extracts with keys end with the last delivery that is evidence
-- (int_deliveries), open data with the last file. Its street files and outcome files
-- are listed to the same month, so that the last files of one are not missed. A force
-- without any outcome file should have one for each month of its street files.
--
-- The first supplied month of an extract with keys is the declared one, or the first
-- month with a plausible number of lines in the run of months that contains the middle
-- line. Updates of old crimes, however many, do not supply their months. A first month
-- whose records begin on a later day than those of every month after it is incomplete.

with

delivered_months as (
    select * from {{ ref('int_delivered_months') }}
),

declared as (
    select * from {{ ref('supply_starts') }}
),

deliveries as (
    select * from {{ ref('int_deliveries') }}
),

gaps as (
    select * from {{ ref('int_delivery_gaps') }}
),

loads as (
    select * from {{ ref('stg_register__loads') }}
    where status = 'loaded'
),

months as (
    select delivered_months.*
    from delivered_months
    semi join deliveries using (force_code, extract)
),

shown as (
    select * from months
    where not is_of_updates
),

accumulated as (
    select
        *,
        sum(record_count) over (
            partition by force_code, extract order by record_count, month
        ) as lines_in_smaller,
        sum(record_count) over (partition by force_code, extract order by month)
            as lines_to_here,
        sum(record_count) over (partition by force_code, extract) as all_lines
    from shown
),

-- The typical month contains the middle line if months are ordered by their number of
-- lines. Unlike a median of months, it does not change if many months have a stray
-- line.
typical as (
    select
        force_code,
        extract,
        min(record_count) filter (where 2 * lines_in_smaller >= all_lines)
            as typical_count,
        min(month) filter (where 2 * lines_to_here >= all_lines) as middle_month
    from accumulated
    group by all
),

plausible as (
    select
        shown.force_code,
        shown.extract,
        shown.month,
        shown.begun_day,
        typical.middle_month,
        lag(shown.month) over (
            partition by shown.force_code, shown.extract order by shown.month
        ) as month_before
    from shown
    inner join typical using (force_code, extract)
    where
        shown.record_count >= typical.typical_count * {{ supply_rule('start_share') }}
),

begun as (
    select
        force_code,
        extract,
        max(month) filter (
            where month <= middle_month
            and (
                month_before is null
                or date_diff('month', month_before, month) - 1
                > {{ supply_rule('start_break_months') }}
            )
        ) as first_plausible_month
    from plausible
    group by all
),

-- Months of a gap are not compared: a missing delivery also makes a month begin late.
comparable as (
    select plausible.*
    from plausible
    anti join gaps
        on plausible.force_code = gaps.force_code
        and plausible.extract = gaps.extract
        and plausible.month between gaps.first_month and gaps.last_month
),

latest_begun as (
    select
        begun.force_code,
        begun.extract,
        max(comparable.begun_day) as latest_begun_day
    from begun
    inner join comparable
        on begun.force_code = comparable.force_code
        and begun.extract = comparable.extract
        and begun.first_plausible_month < comparable.month
    group by all
),

whole as (
    select
        begun.force_code,
        begun.extract,
        case
            when plausible.begun_day > latest_begun.latest_begun_day
                then cast(begun.first_plausible_month + interval 1 month as date)
            else begun.first_plausible_month
        end as first_whole_month
    from begun
    inner join plausible
        on begun.force_code = plausible.force_code
        and begun.extract = plausible.extract
        and begun.first_plausible_month = plausible.month
    left join latest_begun
        on begun.force_code = latest_begun.force_code
        and begun.extract = latest_begun.extract
),

first_found as (
    select
        force_code,
        extract,
        min(month) as first_found_month
    from months
    group by all
),

starts as (
    select
        first_found.force_code,
        first_found.extract,
        coalesce(declared.first_month, whole.first_whole_month) as first_month,
        coalesce(declared.first_month, first_found.first_found_month)
            as first_listed_month
    from first_found
    left join whole using (force_code, extract)
    left join declared using (force_code, extract)
),

-- Files that are not evidence count here too, so that their months are listed as
-- missing.
last_files as (
    select
        force_code,
        extract,
        max(extracted_at) as last_file_at
    from loads
    where month is null
    group by all
),

by_extraction as (
    select
        starts.force_code,
        starts.extract,
        starts.first_listed_month,
        starts.first_month,
        cast(date_trunc('month', max(deliveries.extracted_at)) as date) as last_month,
        cast(date_trunc('month', last_files.last_file_at) as date)
            as last_listed_month,
        max(deliveries.extracted_at) as last_extracted_at
    from starts
    inner join deliveries using (force_code, extract)
    inner join last_files using (force_code, extract)
    group by all
),

file_months as (
    select
        force_code,
        extract,
        min(month) as first_month,
        max(month) as last_month
    from loads
    where month is not null
    group by all
),

with_outcomes as (
    select * from file_months
    union all by name
    select streets.* replace ('police_uk_outcomes' as extract)
    from file_months as streets
    anti join file_months as outcomes
        on streets.force_code = outcomes.force_code
        and outcomes.extract = 'police_uk_outcomes'
    where streets.extract = 'police_uk_street'
),

by_file as (
    select
        force_code,
        extract,
        first_month as first_listed_month,
        first_month,
        last_month,
        max(last_month) over (partition by force_code) as last_listed_month,
        cast(null as timestamp) as last_extracted_at
    from with_outcomes
),

together as (
    select * from by_extraction
    union all
    select * from by_file
)

select * from together
