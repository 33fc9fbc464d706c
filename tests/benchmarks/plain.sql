-- The work of the dbt project on crimes, by hand: quarantine, latest version,
-- classification by rules, months with zeros, rolling 12. What dbt is measured against.
-- {seeds} is the folder of the seeds.

create schema plain;

create table plain.offences as
select * from read_csv('{seeds}/reference/offences.csv', all_varchar = true);
create table plain.districts as
select * from read_csv('{seeds}/reference/districts.csv', all_varchar = true);
create table plain.outcomes as
select * from read_csv('{seeds}/reference/outcomes.csv', all_varchar = true);
create table plain.rules as
select * from read_csv('{seeds}/force/measure_rules.csv', all_varchar = true)
where crime_type is null;

create view plain.typed as
select
    _load_id,
    _line,
    _extracted_at,
    _force_code,
    _is_key_repeated,
    nullif(trim(crime_id), '') as crime_id,
    nullif(trim(recorded_at), '') as recorded_text,
    nullif(trim(committed_from), '') as committed_from_text,
    nullif(trim(committed_to), '') as committed_to_text,
    nullif(trim(outcome_date), '') as outcome_date_text,
    case
        when length(trim(recorded_at)) = 19 and trim(recorded_at)[5] = '-'
            and trim(recorded_at)[11] in ('T', ' ')
            then try_cast(recorded_at as timestamp)
    end as recorded_at,
    case
        when length(trim(committed_from)) = 19 and trim(committed_from)[5] = '-'
            and trim(committed_from)[11] in ('T', ' ')
            then try_cast(committed_from as timestamp)
    end as committed_from,
    case
        when length(trim(committed_to)) = 19 and trim(committed_to)[5] = '-'
            and trim(committed_to)[11] in ('T', ' ')
            then try_cast(committed_to as timestamp)
    end as committed_to,
    nullif(trim(offence_code), '') as offence_code,
    nullif(trim(district_code), '') as district_code,
    nullif(trim(lsoa_code), '') as lsoa_code,
    coalesce(string_split(nullif(trim(keywords), ''), '|'), []) as keywords,
    case upper(trim(is_domestic_abuse)) when 'Y' then true when 'N' then false end
        as is_domestic_abuse,
    case upper(trim(is_hate_crime)) when 'Y' then true when 'N' then false end
        as is_hate_crime,
    case upper(trim(is_online)) when 'Y' then true when 'N' then false end
        as is_online,
    case upper(trim(is_night_time_economy)) when 'Y' then true when 'N' then false end
        as is_night_time_economy,
    nullif(trim(crime_status), '') as crime_status,
    nullif(trim(outcome_code), '') as outcome_code,
    case
        when length(trim(outcome_date)) = 10 and trim(outcome_date)[5] = '-'
            then try_cast(outcome_date as date)
    end as outcome_date
from raw.crimes
where not _is_closing;

create table plain.quarantined as
select * from plain.typed
where not (
    crime_id is not null
    and not _is_key_repeated
    and recorded_at is not null
    and (committed_from_text is null or committed_from is not null)
    and (committed_to_text is null or committed_to is not null)
    and (outcome_date_text is null or outcome_date is not null)
    and offence_code is not null
    and offence_code in (select offence_code from plain.offences)
    and is_domestic_abuse is not null
    and is_hate_crime is not null
    and is_online is not null
    and is_night_time_economy is not null
    and crime_status is not null
    and crime_status in ('Recorded', 'Transferred', 'Cancelled')
    and coalesce(committed_from <= recorded_at, true)
    and coalesce(committed_from <= committed_to, true)
    and recorded_at <= _extracted_at
    and (outcome_code is null or outcome_date is not null)
    and coalesce(committed_to <= _extracted_at, true)
    and coalesce(
        outcome_date between recorded_at::date and _extracted_at::date, true
    )
);

-- Few lines are replaced by a later one: found over the narrow columns alone.
create table plain.superseded as
select _load_id, _line
from (
    select _load_id, _line, _extracted_at, crime_id
    from plain.typed
    anti join plain.quarantined using (_load_id, _line)
)
qualify row_number() over (
    partition by crime_id
    order by _extracted_at desc, _load_id desc, _line desc
) > 1;

create table plain.fct_crimes as
select
    typed.crime_id,
    typed._force_code as force_code,
    case
        when typed.district_code is null then 'UNKNOWN'
        when districts.district_code is null then 'NOT_RECOGNISED'
        when districts.force_code = typed._force_code then typed.district_code
        else 'OUTSIDE'
    end as district_code,
    typed.lsoa_code,
    typed.offence_code,
    offences.offence_group,
    offences.offence_subgroup,
    typed.crime_status,
    typed.outcome_code,
    typed.keywords,
    typed.crime_status = 'Recorded' as is_counted,
    typed.is_domestic_abuse,
    typed.is_hate_crime,
    typed.is_online,
    typed.is_night_time_economy,
    case when typed.outcome_code is null then false else outcomes.is_positive = 'true' end
        as has_positive_outcome,
    date_trunc('month', typed.recorded_at)::date as recorded_month,
    typed.recorded_at,
    typed.committed_from,
    typed.committed_to,
    typed.outcome_date,
    typed._load_id as load_id,
    typed._line as line
from plain.typed
inner join plain.offences using (offence_code)
left join plain.outcomes using (outcome_code)
left join plain.districts on typed.district_code = districts.district_code
anti join plain.quarantined
    on typed._load_id = quarantined._load_id and typed._line = quarantined._line
anti join plain.superseded
    on typed._load_id = superseded._load_id and typed._line = superseded._line;

-- The rules are tried on the few combinations that exist, not on every crime.
create table plain.profiles as
select distinct
    offence_code,
    offence_group,
    offence_subgroup,
    keywords,
    is_domestic_abuse,
    is_hate_crime,
    is_online,
    is_night_time_economy
from plain.fct_crimes
where is_counted;

create table plain.profile_measures as
select distinct
    profiles.*,
    rules.measure_code
from plain.profiles
inner join plain.rules
    on (rules.offence_group is null or rules.offence_group = profiles.offence_group)
    and (
        rules.offence_subgroup is null
        or rules.offence_subgroup = profiles.offence_subgroup
    )
    and (rules.offence_code is null or rules.offence_code = profiles.offence_code)
    and (
        rules.keyword is null
        or list_contains(
            list_transform(profiles.keywords, lambda word: lower(trim(word))),
            lower(rules.keyword)
        )
    )
    and (
        rules.flag is null
        or (rules.flag = 'domestic_abuse' and profiles.is_domestic_abuse)
        or (rules.flag = 'hate_crime' and profiles.is_hate_crime)
        or (rules.flag = 'online' and profiles.is_online)
        or (rules.flag = 'night_time_economy' and profiles.is_night_time_economy)
    );

create table plain.fct_crime_measures as
select
    crimes.crime_id,
    profile_measures.measure_code,
    crimes.force_code,
    crimes.district_code,
    crimes.recorded_month
from plain.fct_crimes as crimes
inner join plain.profile_measures
    using (
        offence_code,
        keywords,
        is_domestic_abuse,
        is_hate_crime,
        is_online,
        is_night_time_economy
    )
where crimes.is_counted;

create table plain.fct_measures_monthly as
with months as (
    select unnest(generate_series(
        min(recorded_month), max(recorded_month), interval 1 month
    ))::date as month
    from plain.fct_crimes
),

areas as (
    select district_code from plain.districts where force_code = 'essex'
    union all
    values ('UNKNOWN'), ('OUTSIDE'), ('NOT_RECOGNISED')
),

counted as (
    select
        measure_code,
        recorded_month as month,
        district_code,
        count(*) as crime_count
    from plain.fct_crime_measures
    group by all
)

select
    measures.measure_code,
    months.month,
    areas.district_code as area_code,
    coalesce(counted.crime_count, 0)::decimal(18, 3) as value
from (select distinct measure_code from plain.rules) as measures
cross join months
cross join areas
left join counted
    on measures.measure_code = counted.measure_code
    and months.month = counted.month
    and areas.district_code = counted.district_code;

create table plain.fct_rolling_12_months as
with by_area as (
    select measure_code, month, area_code, value
    from plain.fct_measures_monthly
    union all
    select monthly.measure_code, monthly.month, districts.lpa_name, sum(value)
    from plain.fct_measures_monthly as monthly
    inner join plain.districts on monthly.area_code = districts.district_code
    group by all
    union all
    select measure_code, month, 'essex', sum(value)
    from plain.fct_measures_monthly
    group by all
)

select
    measure_code,
    area_code,
    last_day(month) as period_end,
    sum(value) over (w rows between 23 preceding and 12 preceding)
        as previous_12_months,
    sum(value) over (w rows between 11 preceding and current row)
        as current_12_months
from by_area
window w as (partition by measure_code, area_code order by month);
