-- A pseudo-random whole number below 2^31, mixed by shifts and products. Unlike those
-- of random() and hash(), it is the same on every machine and in every version.
create macro scramble(x) as (xor(x, x >> 15) * 1181783497) & 2147483647;

-- A number from 0 to 65535 for a crime's number; each purpose has its own salt.
create macro draw(number, salt) as (
    scramble(scramble(scramble((number * 2654435 + salt * 40503) & 2147483647))) >> 7
) & 65535;

-- A whole number from 0 to `chances` - 1, each equally likely.
create macro pick(number, salt, chances) as (draw(number, salt) * chances) >> 16;

-- The order in which the crimes of a month are chosen for a flag: the greater the
-- weight, the earlier. Null (last of all) if the offence never has the flag.
create macro turn(number, salt, weight) as (
    (draw(number, salt) << 16) + draw(number, salt + 50)
) * (1000000 // nullif(weight, 0));

-- The number of the first delivery after a time: 0 is the history file.
create macro delivery_of(seconds) as greatest(
    0, (seconds - epoch(timestamp '2021-04-07 06:00:00')::bigint + 604799) // 604800
);

-- Whether a time is in the hour that does not exist when summer time begins.
create macro is_skipped_hour(seconds) as case
    -- 01:00 to 02:00 on a Sunday: the epoch began on a Thursday. A cheap condition.
    when seconds % 604800 // 3600 = 73
        then month(make_timestamp(seconds * 1000000)) = 3
            and day(make_timestamp(seconds * 1000000)) >= 25
    else false
end;

-- A time in that hour, moved to five minutes before it. Times of commission are in
-- steps of five minutes, so their order is kept.
create macro before_skipped_hour(seconds) as
    case when is_skipped_hour(seconds) then seconds - seconds % 3600 - 300
        else seconds
    end;

-- Seconds in the contract's format of a local time.
create macro as_text(seconds) as
    replace(make_timestamp(seconds * 1000000)::varchar, ' ', 'T');

create macro yes_no(is_so) as case when is_so then 'Y' else 'N' end;

-- The value that breaks the contract, if this column is the broken one.
create macro or_broken(broken, name, right_value) as
    case when broken.name = name then broken.value else right_value end;

-- A time can be broken by its format ("31/12/2021 23:59") or by its year.
create macro time_or_broken(broken, name, seconds) as
    case
        when broken.name is distinct from name then as_text(seconds)
        when broken.value = 'other form'
            then strftime(make_timestamp(seconds * 1000000), '%d/%m/%Y %H:%M')
        when broken.value = 'other year' then '2031' || right(as_text(seconds), 15)
    end;
