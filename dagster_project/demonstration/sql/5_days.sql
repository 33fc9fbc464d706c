-- One row per day: the numbers of the crimes that are recorded on it.
create table day_sizes as
with first_crimes as (
    select
        *,
        lag(last_crime, 1, 0) over (order by month_number)::bigint as first_crime,
    from months
),

month_sizes as (
    select
        *,
        min(first_crime) over (partition by year(month)) as first_crime_of_year,
    from first_crimes
),

-- The last extraction, on 17 November 2021 at 06:00, has only the night of that day.
days as (
    select
        month_sizes.*,
        calendar.day::date as day,
        case
            when calendar.day = timestamp '2021-11-17' then 20
            when dayofweek(calendar.day) in (0, 6) then 92
            when dayofweek(calendar.day) = 1 then 106
            else 102
        end * (90 + pick(epoch(calendar.day)::bigint // 86400, 10, 21)) as weight,
    from month_sizes,
        unnest(generate_series(
            month_sizes.month::timestamp,
            least(last_day(month_sizes.month), date '2021-11-17')::timestamp,
            interval 1 day
        )) as calendar (day)
)

select
    *,
    (
        (last_crime - first_crime) * sum(weight) over so_far
        // sum(weight) over (partition by month_number)
    )::bigint as last_of_day,
    (
        (last_crime - first_crime) * (sum(weight) over so_far - weight)
        // sum(weight) over (partition by month_number)
    )::bigint as first_of_day,
from days
window so_far as (partition by month_number order by day);
