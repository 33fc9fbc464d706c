-- A national archive in the layout of data.police.uk: every force of seeds/reference/forces.csv by
-- the population of its districts, {months} months, with the source's own oddities.
-- `Crime ID` is 64 hexadecimal digits as there; anti-social behaviour has none.

create temp table places as
with members as (
    select
        forces.force_code,
        forces.force_name,
        districts.district_name,
        coalesce(districts.population, 100000) as weight,
    from '{seeds}/reference/forces.csv' as forces
    left join '{seeds}/reference/districts.csv' as districts using (force_code)
)

select
    force_code,
    force_name,
    district_name,
    sum(weight) over (order by force_code, district_name) - weight as from_weight,
    sum(weight) over (order by force_code, district_name) as to_weight,
from members;

create temp table kinds as
with shares (crime_type, share) as (
    values
        ('Violence and sexual offences', 33), ('Anti-social behaviour', 20),
        ('Public order', 8), ('Criminal damage and arson', 8), ('Other theft', 7),
        ('Vehicle crime', 6), ('Shoplifting', 6), ('Burglary', 5), ('Drugs', 3),
        ('Other crime', 2), ('Bicycle theft', 1), ('Robbery', 1),
        ('Theft from the person', 1), ('Possession of weapons', 1)
)

select
    crime_type,
    sum(share) over (order by crime_type) - share as from_share,
    sum(share) over (order by crime_type) as to_share,
from shares;

create temp table drawn as
select
    number,
    hash(number) % (select max(to_weight) from places) as at_weight,
    hash(number, 1) % (select max(to_share) from kinds) as at_share,
    (hash(number, 2) % {months})::int as month_number,
    (hash(number, 3) % 40)::int as area_number,
    hash(number, 4) % 100 as chance,
from range({street_rows}) as numbers (number);

create temp table crimes as
select
    number,
    force_code,
    force_name,
    month_number,
    strftime(date '2021-01-01' + to_months(month_number), '%Y-%m') as month,
    case
        when crime_type = 'Anti-social behaviour' or force_code = 'btp' then null
        when force_code = 'northern-ireland' then sha256((number % 999)::varchar)
        else sha256(number::varchar)
    end as crime_id,
    case when chance >= 3 then district_name end as district_name,
    area_number,
    crime_type,
    case
        when crime_type = 'Anti-social behaviour' then null
        when chance < 40 then 'Investigation complete; no suspect identified'
        when chance < 80 then 'Unable to prosecute suspect'
        when chance < 90 then 'Under investigation'
        when chance < 97 then 'Awaiting court outcome'
        else 'Local resolution'
    end as last_outcome,
from drawn
asof inner join (select * from places) as places on at_weight >= from_weight
asof inner join (select * from kinds) as kinds on at_share >= from_share;

create temp view lines as
select
    *,
    force_name as reported_by,
    case when district_name is not null then printf('%.6f', -1 - area_number / 97) end
        as longitude,
    case when district_name is not null then printf('%.6f', 52 + area_number / 89) end
        as latitude,
    case
        when district_name is null then 'No Location'
        else 'On or near Street ' || area_number
    end as location,
    case when district_name is not null
        then 'E010' || lpad((hash(district_name, area_number) % 99999)::varchar, 5, '0')
    end as lsoa_code,
    district_name || printf(' %03dA', area_number) as lsoa_name,
from crimes;

copy (
    select
        month as in_month,
        force_code,
        crime_id as "Crime ID",
        month as "Month",
        reported_by as "Reported by",
        reported_by as "Falls within",
        longitude as "Longitude",
        latitude as "Latitude",
        location as "Location",
        lsoa_code as "LSOA code",
        lsoa_name as "LSOA name",
        crime_type as "Crime type",
        last_outcome as "Last outcome category",
        null as "Context",
    from lines
) to '{folder}/street' (format csv, header, partition_by (in_month, force_code));

-- One to three outcomes a crime, each in a month of the archive.
copy (
    select
        strftime(
            date '2021-01-01' + to_months(
                least(month_number + (hash(number, 5 + turn) % 5)::int, {months} - 1)
            ), '%Y-%m'
        ) as in_month,
        force_code,
        crime_id as "Crime ID",
        in_month as "Month",
        reported_by as "Reported by",
        reported_by as "Falls within",
        longitude as "Longitude",
        latitude as "Latitude",
        location as "Location",
        lsoa_code as "LSOA code",
        lsoa_name as "LSOA name",
        [
            'Investigation complete; no suspect identified',
            'Unable to prosecute suspect', 'Suspect charged', 'Local resolution',
        ][1 + (hash(number, 9 + turn) % 4)::int] as "Outcome type",
    from lines
    cross join range(3) as turns (turn)
    where
        crime_id is not null and force_code <> 'northern-ireland'
        and (turn = 0 or hash(number, 4) % 100 < 3)
    limit {outcome_rows}
) to '{folder}/outcomes' (format csv, header, partition_by (in_month, force_code));
