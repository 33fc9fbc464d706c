-- The crimes of a landing folder as text, with file, line and time of extraction: what
-- the plain script reads in the place of the intake. {crimes} is the folder's files,
-- {reader} reads them: read_parquet or read_csv.

set preserve_insertion_order = false;

create schema raw;

create table raw.delivered as
select
    * exclude (filename),
    filename as file,
    strptime(regexp_extract(filename, '[0-9]{8}T[0-9]{6}'), '%Y%m%dT%H%M%S')
        as _extracted_at
from {reader};

create table raw.files as
select file, row_number() over (order by file) as _load_id
from (select distinct file from raw.delivered);

create table raw.repeated as
select file, lower(crime_id) as crime_id
from raw.delivered
group by all
having count(*) > 1;

create view raw.crimes as
select
    delivered.*,
    delivered.rowid as _line,
    files._load_id,
    'essex' as _force_code,
    repeated.crime_id is not null as _is_key_repeated,
    false as _is_closing
from raw.delivered
inner join raw.files using (file)
left join raw.repeated
    on delivered.file = repeated.file and lower(delivered.crime_id) = repeated.crime_id;
