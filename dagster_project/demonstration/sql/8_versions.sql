-- One row per line that breaks its contract: its crime, and what is wrong.
-- replace: the line itself is wrong; repeat: the file contains it twice; add: it is an
-- additional, uncounted crime that no later delivery corrects.
create table broken_lines as
with cases as (
    select *, replace(value, '\n', chr(10)) as broken_value
    from read_csv(
        getvariable('tables') || '/broken_lines.csv',
        types = {'value': 'varchar', 'column_name': 'varchar'}
    )
),

last_fitting as (
    select
        cases.case_number,
        max(crimes.number) as number,
    from cases
    inner join crimes
        on cases.delivery = crimes.first_delivery
        and cases.case_number = crimes.number % 97
    where crimes.ended_delivery is null
    group by all
)

select
    cases.case_number,
    last_fitting.number,
    cases.delivery,
    cases.change,
    {'name': cases.column_name, 'value': cases.broken_value} as broken,
    cases.corrected_delivery,
from cases
inner join last_fitting using (case_number);

-- One row per crime and delivery that contains it. A delivery contains a crime if it is
-- new or has changed, if a broken line is corrected, and sometimes for no reason.
create view versions as
with events as (
    select
        * exclude (repeated_delivery),
        unnest(list_distinct([
            outcome_delivery, corrected_delivery, ended_delivery, repeated_delivery
        ])) as delivery,
    from crimes
    where outcome_delivery > first_delivery
        or corrected_delivery > first_delivery
        or ended_delivery > first_delivery
        or repeated_delivery > first_delivery
)

select * exclude (repeated_delivery), first_delivery as delivery
from crimes
union all
select *
from events
where delivery > first_delivery and delivery <= 32
union all
select
    crimes.* exclude (repeated_delivery),
    broken_lines.corrected_delivery as delivery,
from broken_lines
inner join crimes using (number)
where broken_lines.corrected_delivery not in (
    crimes.outcome_delivery,
    coalesce(crimes.corrected_delivery, 0),
    coalesce(crimes.repeated_delivery, 0)
);

-- One row per line to write, with the value that breaks it.
create view copies as
select versions.*, 0 as copy, case_number, broken
from versions
left join broken_lines
    on versions.number = broken_lines.number
    and versions.delivery = broken_lines.delivery
    and broken_lines.change = 'replace'
union all
select
    versions.*,
    case change when 'repeat' then 1 else 2 end as copy,
    case_number,
    broken,
from versions
inner join broken_lines using (number, delivery)
where broken_lines.change <> 'replace';

-- The state of a crime on the day of the delivery: whether it has its outcome, and
-- which error it still has (0 to 3 offence, 4 and 5 flags, 6 keywords, 7 district, 8
-- none).
create view states as
select
    copies.*,
    kinds.* exclude (kind, offence_code, district_code, first_recorded_as),
    case when corrected_delivery > delivery and corrected_delivery <= 32
        then pick(number, 28, 8)
        else 8
    end as error,
    case when error < 4 then coalesce(first_recorded_as, kinds.offence_code)
        else kinds.offence_code
    end as offence_code,
    case when error <> 7 then kinds.district_code end as district_code,
    error not in (4, 5) as has_flags,
    error <> 6 and (error > 3 or first_recorded_as is not null) as has_keywords,
    outcome_delivery <= delivery as has_outcome,
from copies
inner join kinds using (kind);
