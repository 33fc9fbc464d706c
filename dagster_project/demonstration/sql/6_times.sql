-- One row per crime: its kind, and when it was committed and recorded, in seconds since
-- 1970.
create view timed_crimes as
with numbered as (
    select
        first_crime,
        first_crime_of_year,
        first_kind,
        last_crime - first_crime as crimes_in_month,
        natural_count,
        month,
        day,
        epoch(day)::bigint as day_seconds,
        first_crime
            + unnest(generate_series(first_of_day + 1, last_of_day)) as number,
    from day_sizes
),

natural_places as (
    select
        *,
        (number - first_crime - 1) * natural_count // crimes_in_month as natural_place,
    from numbered
),

-- Of 41 crimes, one is not counted. It has the kind of the crime after it.
with_kind as (
    select
        natural_places.number,
        natural_places.number - natural_places.first_crime_of_year as number_in_year,
        natural_places.month,
        natural_places.day,
        natural_places.day_seconds,
        natural_place % 41 = 20 as is_uncounted,
        kinds.*,
    from natural_places
    inner join kinds
        on natural_places.first_kind + 1
            + natural_place // 41 * 40 + natural_place % 41
            - (natural_place % 41 > 20)::bigint
            = kinds.kind
),

-- Three in four night-time economy crimes are recorded on the morning after a Friday or
-- Saturday night.
recorded_days as (
    select
        *,
        case
            when not is_night_time_economy or draw(number, 11) < 16384 then 0
            when dayofweek(day) in (0, 6) then 0
            when draw(number, 10) < 28000 then dayofweek(day) + 1
            else dayofweek(day)
        end as days_back,
        case
            when month(day - days_back::integer) = month(day) then days_back
            else 0
        end as days_earlier,
    from with_kind
),

recorded as (
    select
        * exclude (day_seconds, days_back, days_earlier),
        day_seconds - days_earlier * 86400 as day_seconds,
        case
            when is_night_time_economy then 4 + pick(number, 12, 14)
            else getvariable('recorded_hours')[pick(number, 12, 100) + 1]
        end as hour,
        pick(number, 13, 3600) as second_of_hour,
    from recorded_days
),

delays as (
    select
        *,
        day_seconds + 3600 * case
            when day < date '2021-11-17' then hour
            when is_night_time_economy then 4
            else hour % 6
        end + second_of_hour as recorded_seconds,
        draw(number, 14) >> 4 as short_draw,
        case when draw(number, 15) < 700 then 20 else 1 end as historic_factor,
    from recorded
),

committed as (
    select
        * exclude (recorded_seconds),
        recorded_seconds + case when is_skipped_hour(recorded_seconds) then 3600 else 0
        end as recorded_seconds,
        (case
            when is_night_time_economy
                then day_seconds - 10800 + 60 * pick(number, 16, 390)
            else
                recorded_seconds - 120 - 60 * least(14000000, historic_factor * (
                    max_delay_minutes * short_draw * short_draw * short_draw >> 36
                ))
        end) // 300 * 300 as committed_seconds,
    from delays
)

select
    *,
    case
        when draw(number, 17) < 6000 then null
        when is_range then committed_seconds + (
            least(recorded_seconds - committed_seconds, 50000)
            * draw(number, 18) >> 16
        ) // 300 * 300
        else committed_seconds
    end as committed_to_seconds,
from committed;
