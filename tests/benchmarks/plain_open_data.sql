-- What the warehouse makes of an archive of the open data, in one script: both kinds of
-- file read and typed, outcomes joined to crimes, months and 12 months by force, district
-- and crime type. Whole files, no register, no line numbers, no tests.

create schema plain;
use plain;

create table districts as
with named as (
    select lower(district_name) as area_name, district_code
    from read_csv('{seeds}/reference/districts.csv')
    union all
    select lower(small_area_name), district_code
    from read_csv('{seeds}/reference/small_area_names.csv')
)

select
    named.area_name,
    known.force_code,
    coalesce(known.became_code, known.district_code) as district_code,
from named
inner join read_csv('{seeds}/reference/districts.csv') as known
    on named.district_code = known.district_code;

create table populations as
select
    force_code,
    district_code,
    population,
    population_year,
from read_csv('{seeds}/reference/districts.csv')
where became_code is null;

create table known_outcomes as
select
    lower(outcome_name) as outcome_name,
    outcome_result,
from read_csv('{seeds}/reference/open_outcomes.csv');

create table street as
select
    parse_filename(filename)[9:-12] as force_code,
    "Crime ID" as crime_id,
    "LSOA code" as lsoa_code,
    "LSOA name" as lsoa_name,
    "Crime type" as crime_type,
    "Location" as location_name,
    "Last outcome category" as last_outcome_category,
    cast("Longitude" as decimal(9, 6)) as longitude,
    cast("Latitude" as decimal(9, 6)) as latitude,
    cast("Month" || '-01' as date) as recorded_month,
from read_csv('{archive}/*/*-street.csv', all_varchar = true, filename = true);

create table outcomes as
select
    parse_filename(filename)[9:-14] as force_code,
    "Crime ID" as crime_id,
    "Outcome type" as outcome_type,
    cast("Month" || '-01' as date) as outcome_month,
from read_csv('{archive}/*/*-outcomes.csv', all_varchar = true, filename = true);

-- Each line is placed by its own name: a code can have several.
create table areas as
select
    area.lsoa_code,
    area.lsoa_name,
    districts.force_code,
    districts.district_code,
from (
    select
        lsoa_code,
        lsoa_name,
        lower(regexp_replace(lsoa_name, ' [^ ]+$', '')) as area_name,
    from street
    where lsoa_code is not null
    group by all
) as area
left join districts using (area_name);

create table repeated as
select
    force_code,
    crime_id,
from street
where crime_id is not null
group by all
having count(*) > 1;

create table by_crime as
select
    force_code,
    crime_id,
    min(outcome_month) filter (where outcome_result = 'positive') as positive_month,
    min(outcome_month) filter (where outcome_result = 'not_positive')
        as not_positive_month,
    count(*) as outcome_count,
from outcomes
left join known_outcomes on lower(outcome_type) = outcome_name
group by all;

create table crimes as
select
    street.* exclude (lsoa_name),
    case
        when areas.lsoa_code is null then 'UNKNOWN'
        when areas.district_code is null then 'NOT_RECOGNISED'
        when areas.force_code = street.force_code then areas.district_code
        else 'OUTSIDE'
    end as district_code,
    coalesce(by_crime.outcome_count, 0) as outcome_count,
    case
        when positive_month is not null or outcome_result = 'positive' then 'positive'
        when not_positive_month is not null then 'not_positive'
        else outcome_result
    end as result,
    case result
        when 'positive' then positive_month
        when 'not_positive' then not_positive_month
    end as outcome_month,
    date_diff('month', recorded_month, outcome_month) as months_to_outcome,
from street
left join areas
    on street.lsoa_code = areas.lsoa_code and street.lsoa_name = areas.lsoa_name
left join known_outcomes on lower(last_outcome_category) = outcome_name
left join repeated
    on street.force_code = repeated.force_code and street.crime_id = repeated.crime_id
left join by_crime
    on street.force_code = by_crime.force_code
    and street.crime_id = by_crime.crime_id
    and repeated.crime_id is null;

create table monthly as
with counted as (
    select
        force_code,
        if(grouping(district_code) = 1, 'force', 'district') as area_level,
        coalesce(district_code, force_code) as area_code,
        crime_type,
        recorded_month as month,
        count(*) as crime_count,
        count(*) filter (where result = 'positive') as positive_count,
        count(result) as known_count,
        count(months_to_outcome) as dated_count,
        sum(months_to_outcome) as waited_months,
    from crimes
    group by grouping sets (
        (force_code, district_code, crime_type, recorded_month),
        (force_code, crime_type, recorded_month)
    )
),

areas as (
    select
        force_code,
        'district' as area_level,
        district_code as area_code,
        population,
    from populations
    where force_code in (select force_code from street)
    union all
    select distinct force_code, 'district', unnest(['UNKNOWN', 'OUTSIDE', 'NOT_RECOGNISED']), null
    from street
    union all
    select
        forces.force_code,
        'force',
        forces.force_code,
        if(count(population) = count(district_code), sum(population), null),
    from (select distinct force_code from street) as forces
    left join populations using (force_code)
    group by all
),

filled as (
    select
        areas.*,
        crime_type,
        month,
        coalesce(crime_count, 0) as crime_count,
        coalesce(positive_count, 0) as positive_count,
        coalesce(known_count, 0) as known_count,
        coalesce(dated_count, 0) as dated_count,
        coalesce(waited_months, 0) as waited_months,
    from areas
    inner join (select distinct force_code, recorded_month as month from street)
        using (force_code)
    inner join (select distinct force_code, crime_type from street)
        using (force_code)
    left join counted using (force_code, area_level, area_code, crime_type, month)
)

select
    force_code,
    area_level,
    area_code,
    crime_type,
    month,
    crime_count,
    sum(crime_count) over last_12 as crimes_12_months,
    sum(positive_count) over last_12 as positive_12_months,
    sum(known_count) over last_12 as known_outcome_12_months,
    round(100 * positive_12_months / nullif(known_outcome_12_months, 0), 1)
        as positive_12_months_pct,
    round(
        sum(waited_months) over last_12 / nullif(sum(dated_count) over last_12, 0), 1
    ) as mean_months_to_outcome,
    round(1000 * crimes_12_months / population, 1) as rate_per_1000,
from filled
window last_12 as (
    partition by force_code, area_level, area_code, crime_type
    order by month
    range between interval 11 month preceding and current row
)
qualify count(*) over last_12 = 12;
