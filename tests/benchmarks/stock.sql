-- Raw tables of Strandline's own models, by `create table as select`: the crimes from
-- their files, all small tables as Strandline has read them from the same files.
-- {reader} reads the crimes, {ingested} is Strandline's work file.

set preserve_insertion_order = false;

attach '{ingested}' as ingested (read_only);

create schema raw;

{small}

-- A line that repeats the version before it is in raw here, and so is not unchanged.
create table raw.loads as
select * replace (if(extract = 'crimes', 0, lines_unchanged) as lines_unchanged)
from ingested.raw.loads;

create temp table delivered as
select
    * exclude (filename),
    parse_filename(filename) as file_name,
from {reader};

create table raw.crimes as
select
    loads.load_id as _load_id,
    delivered.rowid as _line,
    null::varchar as _place,
    loads.extracted_at as _extracted_at,
    loads.force_code as _force_code,
    repeated.crime_id is not null as _is_key_repeated,
    false as _is_closing,
    null::varchar as _added_columns,
    null::varchar as _delivered,
    null::varchar[] as _not_mapped,
    delivered.* exclude (file_name),
from delivered
inner join raw.loads on delivered.file_name = loads.file_name
left join (
    select
        file_name,
        lower(crime_id) as crime_id,
    from delivered
    group by all
    having count(*) > 1
) as repeated
    on delivered.file_name = repeated.file_name
    and lower(delivered.crime_id) = repeated.crime_id
where loads.extract = 'crimes' and loads.status = 'loaded';

drop table delivered;

detach ingested;
