{{ config(materialized='table') }}

-- How crimes that changed since a publication changed its counts. What was known of
-- each crime then is subtracted and what is known now is added, so that the changes add
-- up to the difference.

with

publication_loads as (
    select * from {{ ref('int_publication_loads') }}
    where extract = 'crimes'
),

-- Not materialized, because few of these rows are read, and none before the first
-- publication.
accepted as not materialized (
    select * from {{ ref('int_accepted_crimes') }}
),

offences as (
    select * from {{ ref('offences') }}
),

outcomes as (
    select * from {{ ref('outcomes') }}
),

districts as (
    select * from {{ ref('districts') }}
),

rules as (
    select * from {{ ref('measure_rules') }}
),

exclusions as (
    select * from {{ ref('measure_exclusions') }}
),

measures as (
    select * from {{ ref('measures') }}
    where source_extract = 'crimes'
),

crimes as not materialized (
    select * from {{ ref('fct_crimes') }}
),

crime_measures as (
    select * from {{ ref('fct_crime_measures') }}
),

changed as (
    select distinct
        publication_loads.quarter,
        publication_loads.version,
        accepted.crime_id
    from accepted
    inner join publication_loads on accepted._load_id = publication_loads.load_id
    where not publication_loads.is_known
),

numbered_versions as (
    select
        changed.quarter,
        changed.version,
        accepted.*,
        row_number() over (
            partition by changed.quarter, changed.version, accepted.crime_id
            order by
                accepted._extracted_at desc,
                accepted._load_id desc,
                accepted._line desc
        ) as version_from_last
    from accepted
    inner join changed on accepted.crime_id = changed.crime_id
    inner join publication_loads
        on changed.quarter = publication_loads.quarter
        and changed.version = publication_loads.version
        and accepted._load_id = publication_loads.load_id
        and publication_loads.is_known
),

known_versions as (
    select * from numbered_versions
    where version_from_last = 1 and not _is_closing
),

then_crimes as (
    {{ described_crimes('known_versions', ['quarter', 'version']) }}
),

then_profiles as (
    {{ measures_of_profiles('then_crimes') }}
),

then_counted as (
    select
        then_crimes.quarter,
        then_crimes.version,
        then_crimes.force_code,
        then_crimes.crime_id,
        then_profiles.measure_code,
        true as is_then,
        then_crimes.district_code,
        then_crimes.recorded_month,
        if(then_crimes.has_positive_outcome, then_crimes.outcome_date, null)
            as solved_date
    from then_crimes
    inner join then_profiles
        using ({{ profile_columns() }})
    where then_crimes.is_counted
),

now_counted as (
    select
        changed.quarter,
        changed.version,
        crimes.force_code,
        crimes.crime_id,
        crime_measures.measure_code,
        false as is_then,
        crimes.district_code,
        crimes.recorded_month,
        if(crimes.has_positive_outcome, crimes.outcome_date, null) as solved_date
    from changed
    inner join crimes on changed.crime_id = crimes.crime_id
    inner join crime_measures on crimes.crime_id = crime_measures.crime_id
),

counted as (
    select * from then_counted
    union all
    select * from now_counted
),

by_kind as (
    select
        * exclude (recorded_month, solved_date),
        unnest(['crime', 'solved crime']) as record_kind,
        unnest([recorded_month, cast(date_trunc('month', solved_date) as date)])
            as month
    from counted
),

beside as (
    select
        quarter,
        version,
        force_code,
        crime_id,
        measure_code,
        record_kind,
        max(month) filter (where is_then) as then_month,
        max(month) filter (where not is_then) as now_month,
        max(district_code) filter (where is_then) as then_district_code,
        max(district_code) filter (where not is_then) as now_district_code,
        bool_or(is_then) as was_counted,
        bool_or(not is_then) as is_counted
    from by_kind
    group by all
),

judged as (
    select
        beside.*,
        case
            when then_crimes.crime_id is null then 'late'
            when
                beside.was_counted
                and beside.is_counted
                and beside.then_month = beside.now_month
                then 'transferred'
            when
                beside.was_counted
                and beside.is_counted
                and beside.record_kind = 'solved crime'
                then 'outcome_changed'
            when beside.was_counted and beside.is_counted then 'reclassified'
            when 'Cancelled' in (then_crimes.crime_status, crimes.crime_status)
                then 'cancelled'
            when 'Transferred' in (then_crimes.crime_status, crimes.crime_status)
                then 'transferred'
            when crimes.crime_id is null then null
            when {{ same_but_for_outcome('then_crimes', 'crimes') }}
                then 'outcome_changed'
            else 'reclassified'
        end as cause
    from beside
    left join then_crimes using (quarter, version, crime_id)
    left join crimes on beside.crime_id = crimes.crime_id
    where
        (beside.then_month, beside.then_district_code)
        is distinct from (beside.now_month, beside.now_district_code)
),

moves as (
    select
        *,
        unnest([-1, 1]) as change_count,
        unnest([then_month, now_month]) as month,
        unnest([then_district_code, now_district_code]) as district_code
    from judged
),

summed as (
    select
        quarter,
        version,
        force_code,
        record_kind,
        measure_code,
        district_code,
        case
            when cause <> 'reclassified' then cause
            when change_count > 0 then 'reclassified_in'
            else 'reclassified_out'
        end as cause,
        sum(change_count) as change_count,
        month
    from moves
    -- Without a cause, it is counted as otherwise: an extract lacks the crime now.
    where month is not null and cause is not null
    group by all
)

select * from summed
