-- Chance without random(): whole numbers below 2^31, mixed by shifts and products.
-- The same on every machine and in every version, which hash() is not.
create macro scramble(x) as (xor(x, x >> 15) * 1181783497) & 2147483647;

-- 0 to 65535, for a number and a purpose: each purpose has a salt of its own.
create macro draw(number, salt) as (
    scramble(scramble(scramble((number * 2654435 + salt * 40503) & 2147483647))) >> 7
) & 65535;

-- Below `limit`, each value as likely as the next.
create macro pick(number, salt, chances) as (draw(number, salt) * chances) >> 16;

-- The order in which the crimes of a month are taken for a flag: the heavier the
-- weight, the earlier; null (last of all) where the offence never carries it.
create macro turn(number, salt, weight) as (
    (draw(number, salt) << 16) + draw(number, salt + 50)
) * (1000000 // nullif(weight, 0));

-- The delivery that first shows what happened at a time: 0 is the history file.
create macro delivery_of(seconds) as greatest(
    0, (seconds - epoch(timestamp '2021-04-07 06:00:00')::bigint + 604799) // 604800
);

-- The hour of a spring night that British time leaves out.
create macro is_skipped_hour(seconds) as case
    -- One to two on a Sunday, in hours since a Thursday's midnight: cheap to ask first.
    when seconds % 604800 // 3600 = 73
        then month(make_timestamp(seconds * 1000000)) = 3
            and day(make_timestamp(seconds * 1000000)) >= 25
    else false
end;

-- Times of commission are in steps of five minutes, so this keeps their order.
create macro before_skipped_hour(seconds) as
    case when is_skipped_hour(seconds) then seconds - seconds % 3600 - 300
        else seconds
    end;

-- Seconds as the contract writes a local time.
create macro as_text(seconds) as
    replace(make_timestamp(seconds * 1000000)::varchar, ' ', 'T');

create macro yes_no(is_so) as case when is_so then 'Y' else 'N' end;

-- The value that breaks the contract instead of the right one.
create macro or_broken(broken, name, right_value) as
    case when broken.name = name then broken.value else right_value end;

-- A time may be broken by its form ("31/12/2021 23:59") or by its year.
create macro time_or_broken(broken, name, seconds) as
    case
        when broken.name is distinct from name then as_text(seconds)
        when broken.value = 'other form'
            then strftime(make_timestamp(seconds * 1000000), '%d/%m/%Y %H:%M')
        when broken.value = 'other year' then '2031' || right(as_text(seconds), 15)
    end;
