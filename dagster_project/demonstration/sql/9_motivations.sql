-- The motivations of hate and knife crimes, as in the crime system at the end. Each
-- crime has one; they are distributed within each 12 months so that those to September
-- 2021 have the counts that were printed. A few crimes have a second one.
create table motivation_shares as
select
    *,
    coalesce(sum(crime_count) over (
        partition by kind order by share_position
        rows between unbounded preceding and 1 preceding
    ), 0) as first_turn,
    sum(crime_count) over (partition by kind) as all_turns,
from read_csv(getvariable('tables') || '/motivation_shares.csv');

create table motivated_crimes as
with kept as (
    select
        crimes.number,
        crimes.first_delivery,
        '42/' || case when number_in_year < 1000000
            then right('00000' || number_in_year, 6) else number_in_year::varchar
        end || '/' || crimes.year as crime_id,
        kinds.district_code,
        date_trunc('month', make_timestamp(recorded_seconds * 1000000))::date as month,
        unnest(
            case when kinds.is_hate_crime then ['Hate'] else [] end
            || case when kinds.is_knife_crime then ['Knife'] else [] end
        ) as kind,
    from crimes
    inner join kinds using (kind)
    where crimes.ended_delivery is null
        and crimes.first_delivery <= 32
        and crimes.recorded_seconds >= epoch(timestamp '2019-10-01')
        and (kinds.is_hate_crime or kinds.is_knife_crime)
),

in_turn as (
    select
        *,
        row_number() over (
            partition by kind, year(month + interval 3 month)
            order by draw(number, 60), number
        ) - 1 as turn,
        count(*) over (partition by kind, year(month + interval 3 month)) as turns,
        row_number() over (
            partition by kind, district_code, month order by draw(number, 61), number
        ) as turn_in_district,
    from kept
)

select * from in_turn;

create table motivations as
with sex_or_gender as (
    select * from read_csv(getvariable('tables') || '/sex_gender_districts.csv')
),

dealt as (
    select
        motivated_crimes.crime_id,
        motivated_crimes.kind as motivation_kind,
        motivation_shares.motivation,
        motivated_crimes.first_delivery,
    from motivated_crimes
    inner join motivation_shares
        on motivated_crimes.kind = motivation_shares.kind
        and turn * all_turns // turns >= first_turn
        and turn * all_turns // turns < first_turn + crime_count
    union
    select
        motivated_crimes.crime_id,
        motivated_crimes.kind,
        'Sex or gender',
        motivated_crimes.first_delivery,
    from motivated_crimes
    inner join sex_or_gender using (district_code, month)
    where kind = 'Hate' and turn_in_district <= crime_count
    union
    select
        crime_id,
        kind,
        case kind when 'Hate' then 'Religious' else 'Drugs or gangs' end,
        first_delivery,
    from motivated_crimes
    where draw(number, 62) < 2000
)

select * from dealt;
