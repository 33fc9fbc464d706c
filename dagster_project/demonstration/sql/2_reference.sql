-- The tables of the package, and the number of crimes of this run.
create table offence_mix as
select * from read_csv(
    getvariable('tables') || '/offence_mix.csv',
    types = {'offence_code': 'varchar', 'first_recorded_as': 'varchar'}
);

create table district_mix as
select * from read_csv(
    getvariable('tables') || '/district_mix.csv', types = {'district_code': 'varchar'}
);

create table fixed_hate_districts as
select * from read_csv(
    getvariable('tables') || '/fixed_hate_districts.csv',
    types = {'district_code': 'varchar'}
);

create table outcome_mix as
select * from read_csv(
    getvariable('tables') || '/outcome_mix.csv', types = {'outcome_code': 'varchar'}
);

-- One row per month: the number of crimes by measure, and the strength of its lockdown.
create table months as
with targets as (
    select measure_code, (month || '-01')::date as month, crime_count
    from read_csv(getvariable('tables') || '/targets.csv', types = {'month': 'varchar'})
),

lockdowns as (
    select (month || '-01')::date as month, lockdown_pct
    from read_csv(
        getvariable('tables') || '/lockdowns.csv', types = {'month': 'varchar'}
    )
),

one_row_each as (
    pivot targets
    on measure_code in (
        'all_recorded_crime', 'domestic_abuse', 'knife_crime', 'nte_crime',
        'hate_crime', 'cyber_crime', 'fraud', 'residential_burglary',
        'personal_robbery'
    )
    using sum(crime_count)::bigint
    group by month
),

-- Every 41st crime ends transferred or cancelled, so it is not counted.
with_uncounted as (
    select
        one_row_each.*,
        all_recorded_crime + all_recorded_crime // 40
            + (all_recorded_crime % 40 > 20)::bigint as natural_count
    from one_row_each
)

select
    with_uncounted.*,
    coalesce(lockdowns.lockdown_pct, 0) as lockdown_pct,
    row_number() over (order by month) as month_number,
    sum(all_recorded_crime) over (order by month)::bigint - all_recorded_crime
        as first_kind,
    coalesce(
        getvariable('crime_count') * sum(natural_count) over (order by month)::bigint
        // sum(natural_count) over ()::bigint,
        sum(natural_count) over (order by month)::bigint
    ) as last_crime
from with_uncounted
left join lockdowns using (month);

-- The hours of the day in a list, each repeated by its weight.
set variable recorded_hours = (
    select list(hour order by hour)
    from (
        select hour, unnest(range(weight))
        from read_csv(getvariable('tables') || '/hours.csv')
    )
);

-- 1,000 places per mix, each with its district. A random number picks the place.
create table district_places as
with running as (
    select
        mix,
        district_code,
        sum(weight) over mixes as last_weight,
        sum(weight) over mixes - weight as first_weight,
        sum(weight) over (partition by mix) as all_weight,
    from district_mix
    window mixes as (partition by mix order by district_code nulls last)
)

select
    mix,
    unnest(range(
        (first_weight * 1000 // all_weight)::bigint,
        (last_weight * 1000 // all_weight)::bigint
    )) as place,
    district_code,
from running;

create table outcome_places as
with running as (
    select
        *,
        sum(weight) over (
            partition by outcome_profile order by outcome_code, min_days
        )::bigint as last_place,
    from outcome_mix
)

select
    outcome_profile,
    unnest(range(last_place - weight, last_place)) as place,
    outcome_code,
    min_days,
    max_days,
from running;
