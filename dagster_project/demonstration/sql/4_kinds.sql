-- One row per counted crime at the natural size: the kind of the crime. Everything that
-- the published figures determine is decided here. A larger run repeats the kinds; a
-- smaller one takes some of them.
create table kinds as
with crimes as (
    select month_number, offence_code, unnest(range(code_count)) as nth
    from offence_counts
),

numbered as (
    select
        month_number,
        offence_code,
        row_number() over (order by month_number, offence_code, nth) as number,
    from crimes
),

turns as (
    select
        numbered.month_number,
        numbered.number,
        numbered.offence_code,
        turn(number, 1, domestic_abuse) as domestic_abuse_turn,
        turn(number, 2, hate_crime) as hate_crime_turn,
        turn(number, 3, cyber_crime) as cyber_crime_turn,
        turn(number, 4, nte_crime) as nte_crime_turn,
        turn(number, 5, knife_crime) as knife_crime_turn,
    from numbered
    inner join offence_mix using (offence_code)
),

ranked as (
    select
        *,
        row_number() over (
            partition by month_number order by draw(number, 6), number
        ) as place_in_month,
        row_number() over (
            partition by month_number order by domestic_abuse_turn, number
        ) as domestic_abuse_rank,
        row_number() over (
            partition by month_number order by hate_crime_turn, number
        ) as hate_crime_rank,
        row_number() over (
            partition by month_number order by cyber_crime_turn, number
        ) as cyber_crime_rank,
        row_number() over (
            partition by month_number order by nte_crime_turn, number
        ) as nte_crime_rank,
        row_number() over (
            partition by month_number order by knife_crime_turn, number
        ) as knife_crime_rank,
    from turns
),

flagged as (
    select
        months.month,
        months.first_kind + ranked.place_in_month as kind,
        offence_mix.offence_code,
        offence_mix.first_recorded_as,
        offence_mix.max_delay_minutes,
        offence_mix.is_range,
        offence_mix.outcome_profile,
        ranked.domestic_abuse_rank <= months.domestic_abuse as is_domestic_abuse,
        ranked.hate_crime_rank <= months.hate_crime as is_hate_crime,
        ranked.cyber_crime_rank <= months.cyber_crime as is_online,
        ranked.nte_crime_rank <= months.nte_crime as is_night_time_economy,
        ranked.knife_crime_rank <= months.knife_crime as is_knife_crime,
    from ranked
    inner join months using (month_number)
    inner join offence_mix using (offence_code)
),

placed as (
    select
        *,
        case
            when is_hate_crime then 'hate_crime'
            when is_night_time_economy and month < date '2020-10-01'
                then 'nte_crime_to_2020_09'
            when is_night_time_economy then 'nte_crime'
            else 'general'
        end as mix,
        pick(kind, 7, 1000) as place,
        case when is_hate_crime and quarter(month) = 2 and year(month) = 2021
            then row_number() over (
                partition by is_hate_crime, quarter(month), year(month)
                order by draw(kind, 8), kind
            )
        end as fixed_rank,
    from flagged
),

-- The report prints the hate crimes of the first quarter of 2021/22 by district.
fixed as (
    select
        district_code,
        unnest(range(
            (sum(crime_count) over districts - crime_count + 1)::bigint,
            (sum(crime_count) over districts + 1)::bigint
        )) as fixed_rank,
    from fixed_hate_districts
    window districts as (order by district_code nulls last)
)

select
    placed.* exclude (month, mix, place, fixed_rank),
    case
        when placed.fixed_rank is null then district_places.district_code
        else fixed.district_code
    end as district_code,
from placed
left join district_places using (mix, place)
left join fixed using (fixed_rank)
order by placed.kind;
