-- The cells of the published file that a rival has otherwise, and how many were
-- compared: of the months in which a measure was supplied, which a rival does not know.
-- {published} and {ids} are the published file and the file of its ids. {months},
-- {rolling} and {crimes} are the rival's tables.

attach '{published}' as published (read_only);
attach '{ids}' as ids (read_only);

create temp view their_months as
select measure_code, month::date as month, area_code, value::bigint as value
from {months};

create temp view our_months as
select measure_code, month, area_code, value::bigint as value
from published.marts.fct_measures_monthly
where is_supplied and measure_code in (select measure_code from their_months);

create temp view their_rolling as
select
    measure_code,
    area_code,
    last_day(period_end::date) as period_end,
    previous_12_months::bigint as previous_12_months,
    current_12_months::bigint as current_12_months
from {rolling};

-- The libraries make districts alone.
create temp view our_rolling as
select measure_code, area_code, period_end, previous_12_months, current_12_months
from published.marts.fct_rolling_12_months
where
    previous_12_months is not null and current_12_months is not null
    and measure_code in (select measure_code from their_rolling)
    and area_code in (select area_code from their_rolling);

create temp view their_crimes as
select crime_id, measure_code
from {crimes};

create temp view our_crimes as
select keys.record_id as crime_id, measure_code
from published.marts.fct_crime_measures as counted
left join ids.keys on counted.crime_key = keys.record_key
where measure_code in (select measure_code from their_months);

with different as (
    (
        from our_months
        except all
        (from their_months semi join our_months using (measure_code, month))
    )
    union all
    (
        (from their_months semi join our_months using (measure_code, month))
        except all
        from our_months
    )
),

different_rolling as (
    (
        from our_rolling
        except all
        from their_rolling
    )
    union all
    (
        (
            from their_rolling
            semi join our_rolling using (measure_code, area_code, period_end)
        )
        except all
        from our_rolling
    )
),

different_crimes as (
    (
        from our_crimes
        except all
        from their_crimes
    )
    union all
    (
        from their_crimes
        except all
        from our_crimes
    )
)

select [
    (select count(*) from our_months)
    + (select count(*) from our_rolling)
    + (select count(*) from our_crimes),
    (select count(*) from different)
    + (select count(*) from different_rolling)
    + (select count(*) from different_crimes)
];
