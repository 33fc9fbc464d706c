-- One row per crime: its outcome, and the numbers of the deliveries in which it first
-- appears and changes (0 is the history file, 32 the last delta; no later ones exist).
create table crimes as
with outcomes as (
    select
        timed_crimes.*,
        outcome_places.outcome_code,
        day_seconds // 86400 + min_days + (
            (max_days - min_days + 1) * (draw(number, 20) >> 4)
            * (draw(number, 20) >> 4) >> 24
        ) as outcome_day,
    from timed_crimes
    inner join outcome_places
        on timed_crimes.outcome_profile = outcome_places.outcome_profile
        and pick(timed_crimes.number, 19, 1000) = outcome_places.place
),

-- One crime in fifty is delivered late, one to ten weeks after it was recorded.
deliveries as (
    select
        *,
        least(32, delivery_of(recorded_seconds + case
            when draw(number, 21) < 1300 then 86400 * (7 + pick(number, 22, 60))
            else 0
        end)) as first_delivery,
        delivery_of((outcome_day + 1) * 86400) as outcome_delivery,
        case when draw(number, 23) < 1100
            then delivery_of(recorded_seconds + 86400 * (3 + pick(number, 24, 80)))
        end as corrected_delivery,
        case when is_uncounted
            then least(
                32, delivery_of(recorded_seconds + 86400 * (2 + pick(number, 25, 90)))
            )
        end as ended_delivery,
    from outcomes
)

select
    number,
    number_in_year,
    year(month) % 100 as year,
    kind,
    first_delivery,
    outcome_delivery,
    corrected_delivery,
    ended_delivery,
    case when draw(number, 26) < 150
        then first_delivery + 1 + pick(number, 27, 12)
    end as repeated_delivery,
    recorded_seconds,
    before_skipped_hour(committed_seconds) as committed_seconds,
    before_skipped_hour(committed_to_seconds) as committed_to_seconds,
    outcome_code,
    outcome_day,
from deliveries;
