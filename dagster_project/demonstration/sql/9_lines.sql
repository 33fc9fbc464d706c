-- All keywords of a crime share three random numbers: eleven would double the time.
create view chances as
select
    *,
    draw(number, 31) as chance_1,
    draw(number, 32) as chance_2,
    draw(number, 33) as chance_3,
from states;

create view keywords as
select
    *,
    case when has_keywords then nullif(concat_ws(
        '|',
        case
            when is_knife_crime then case when chance_1 > 16384 then 'Knife' end
            -- The rules never count these offences as knife crime.
            when outcome_profile in ('possession', 'homicide') and chance_1 < 12000
                then 'Knife'
            when outcome_profile in ('sexual', 'public_order', 'damage')
                and chance_1 < 500 then 'Knife'
        end,
        case when is_knife_crime and chance_1 < 24000 then 'Sharp instrument' end,
        case when offence_code in ('10D', '90') and chance_1 > 6500
            then 'Bladed article'
        end,
        case
            when is_night_time_economy and chance_2 < 46000 then 'Alcohol'
            when outcome_profile = 'violence' and chance_2 < 11000 then 'Alcohol'
            when chance_2 < 900 then 'Alcohol'
        end,
        case
            when outcome_profile in ('drugs', 'trafficking') and chance_3 < 61000
                then 'Drugs'
            when chance_3 < 1500 then 'Drugs'
        end,
        case when outcome_profile = 'trafficking' and chance_3 < 8000
            then 'County lines'
        end,
        case when is_online and chance_1 < 62000 then 'Online' end,
        case when is_hate_crime then case
            when chance_3 < 40764 then 'Racial'
            when chance_3 < 50594 then 'Disability'
            when chance_3 < 59245 then 'Homophobic'
            when chance_3 < 63046 then 'Religious'
            else 'Transgender'
        end end,
        case when is_domestic_abuse and chance_2 > 47000 then 'Repeat victim' end,
        case when offence_code in ('34B', '39') and chance_2 > 41000
            then 'Mobile phone'
        end,
        case when chance_3 > 63000 then 'CCTV' end
    ), '') end as all_keywords,
from chances;

-- The contract's columns as text. One of them may be broken.
create view lines as
select
    delivery,
    number,
    copy,
    case when broken.name = 'crime_id' then broken.value
        when copy = 2 then '42/' || (900000 + case_number) || '/' || year
        else '42/' || case when number_in_year < 1000000
            then right('00000' || number_in_year, 6) else number_in_year::varchar
        end || '/' || year
    end as crime_id,
    time_or_broken(broken, 'recorded_at', recorded_seconds) as recorded_at,
    time_or_broken(broken, 'committed_from', committed_seconds) as committed_from,
    as_text(committed_to_seconds) as committed_to,
    or_broken(broken, 'offence_code', offence_code) as offence_code,
    or_broken(broken, 'district_code', district_code) as district_code,
    or_broken(broken, 'lsoa_code', 'E019' || right(district_code, 2) || right('00' || (
        draw(number, 30) * draw(number, 30) * 110 >> case
            when is_night_time_economy then 35 else 32
        end
    ), 3)) as lsoa_code,
    or_broken(broken, 'keywords', all_keywords) as keywords,
    or_broken(broken, 'is_domestic_abuse', yes_no(has_flags and is_domestic_abuse))
        as is_domestic_abuse,
    or_broken(broken, 'is_hate_crime', yes_no(has_flags and is_hate_crime))
        as is_hate_crime,
    or_broken(broken, 'is_online', yes_no(has_flags and is_online)) as is_online,
    or_broken(
        broken,
        'is_night_time_economy', yes_no(has_flags and is_night_time_economy)
    ) as is_night_time_economy,
    or_broken(broken, 'crime_status', case
        when ended_delivery is null or ended_delivery > delivery then 'Recorded'
        when pick(number, 29, 100) < 65 then 'Cancelled'
        else 'Transferred'
    end) as crime_status,
    or_broken(broken, 'outcome_code', case when has_outcome then outcome_code end)
        as outcome_code,
    or_broken(broken, 'outcome_date', case when has_outcome
        then (date '1970-01-01' + outcome_day::integer)::varchar
    end) as outcome_date,
from keywords;

create table changed_lines as
select * from lines where delivery > 0;
