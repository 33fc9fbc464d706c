"""Finds the new and changed lines of a batch of files, in SQL over `delivered` and raw.

Values are compared as staging reads them: spaces around a value are ignored, and an
empty text equals a missing value. The readers have already trimmed keys, so keys are
joined unchanged.

Each step is one statement, however many files a batch has. A line is compared with the
previous line of its key in the batch: that line is now the last row of the key, or it
equals that row. Only the first line of a key in the batch is compared with raw. A full
extract closes the keys that it lacks; a later line of such a key is new.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from dagster_project.intake import load_log
from dagster_project.intake.contracts import Contract
from dagster_project.intake.load_log import Delivery
from dagster_project.intake.reading.readers import Target

TABLES = ("files", "known", "several", "repeated", "closings", "unchanged")


@dataclass(frozen=True)
class Stored:
    """Numbers of lines of one file, by what became of them.

    Args:
        stored: new or changed lines, which are now in raw.
        unchanged: lines that were known already.
        unreadable: lines that could not be split.
        closed: closing rows (tombstones); these are not delivered lines.
        unknown_keys: stored lines whose key the file's mapping could not convert.
    """

    stored: int
    unchanged: int
    unreadable: int
    closed: int
    unknown_keys: int = 0

    @property
    def lost_keys(self) -> bool:
        """Whether some records may seem absent because their keys could not be read."""
        return bool(self.unreadable or self.unknown_keys)


@dataclass(frozen=True)
class Load:
    """A file that is stored: its number in `delivered`, and its load id."""

    number: int
    load_id: int
    delivery: Delivery


def first_target(
    connection: duckdb.DuckDBPyConnection, contract: Contract, delivery: Delivery
) -> Target | None:
    """Return where the lines of an extract's first load go at once.

    None if raw has lines of the extract, with which its own must be compared.
    """
    if not _is_first(connection, contract):
        return None
    load_id = load_log.next_load_id(connection, delivery)
    values = (
        f"{load_id} as _load_id, '{delivery.extracted_at}'::timestamp as _extracted_at,"
        f" '{delivery.force_code}' as _force_code, false as _is_key_repeated,"
        " false as _is_closing"
    )
    return Target(f"raw.{contract.table}", load_id, values)


def store(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    loads: Sequence[Load],
    target: Target | None = None,
) -> list[Stored]:
    """Store the new and changed lines of `delivered`, and all lines of `rejected`.

    If the lines are in their target already, only repeated keys are noted there.

    Returns:
        The counts of each file, in the order of `loads`.
    """
    _name_files(connection, loads)
    _find_known(connection, contract, bool(target) or _is_first(connection, contract))
    _find_several(connection, contract)
    _find_repeated(connection, contract)
    _find_closings(connection, contract)
    _find_unchanged(connection, contract)
    if target:
        connection.execute(
            f"update {target.table} set _is_key_repeated = true"
            f" where _load_id = {target.load_id}"
            " and _line in (select _line from repeated)"
        )
    else:
        new_lines = _new_lines(connection, contract)
        with load_log.one_thread(connection):
            connection.execute(new_lines)
    connection.execute(
        "insert into raw.unreadable_lines select load_id, line, line_text, reason"
        " from rejected inner join files using (_file) order by load_id, line"
    )
    stored = _count(connection, contract, loads)
    if any(each.closed for each in stored):
        connection.execute(_closing_rows(contract))
    connection.execute("drop view delivered")
    for table in ("delivered_lines", "rejected", *TABLES):
        connection.execute(f"drop table {table}")
    return stored


def _name_files(connection: duckdb.DuckDBPyConnection, loads: Sequence[Load]) -> None:
    rows = [
        {
            "_file": load.number,
            "load_id": load.load_id,
            "extracted_at": load.delivery.extracted_at,
            "force_code": load.delivery.force_code,
        }
        for load in loads
    ]
    connection.execute(
        "create or replace temp table files"
        " (_file integer, load_id bigint, extracted_at timestamp, force_code varchar);"
    )
    connection.execute(
        "insert into files by name select unnest($rows, recursive := true)",
        {"rows": rows},
    )


def _count(
    connection: duckdb.DuckDBPyConnection, contract: Contract, loads: Sequence[Load]
) -> list[Stored]:
    """Return how many lines of each file were stored, unchanged and unreadable."""
    rows = connection.execute(
        """
        select
            _file,
            coalesce(lines, 0),
            coalesce(unchanged_lines, 0),
            coalesce(unreadable_lines, 0),
            coalesce(closed_keys, 0),
            coalesce(unknown_keys, 0)
        from files
        left join (
            select
                _file,
                count(*) as lines,
                count(*) filter (where list_has_any(_not_mapped, ?)) as unknown_keys
            from delivered
            group by _file
        ) using (_file)
        left join (
            select _file, count(*) as unchanged_lines from unchanged group by _file
        ) using (_file)
        left join (
            select _file, count(*) as unreadable_lines from rejected group by _file
        ) using (_file)
        left join (
            select _file, count(*) as closed_keys from closings group by _file
        ) using (_file)
        """,
        [list(contract.key_columns)],
    ).fetchall()
    by_file = {
        number: Stored(lines - unchanged, unchanged, *others)
        for number, lines, unchanged, *others in rows
    }
    return [by_file[load.number] for load in loads]


def _keys(contract: Contract, table: str, form: str = "{}") -> str:
    """Return SQL: the key columns of a table, such as `lower(known.crime_id)`."""
    return ", ".join(form.format(f"{table}.{key}") for key in contract.key_columns)


def _lower_keys(contract: Contract, table: str) -> str:
    """Return SQL: the key columns in lower case, under their own names."""
    return ", ".join(f"lower({table}.{key}) as {key}" for key in contract.key_columns)


def _same_key(contract: Contract, table: str, other: str) -> str:
    """Return the SQL condition that two rows have the same key."""
    return " and ".join(
        f"{table}.{key} = {other}.{key}" for key in contract.key_columns
    )


def _same_key_in_any_case(contract: Contract, table: str, other: str) -> str:
    """Return the SQL condition that two rows have the same key, ignoring case."""
    return " and ".join(
        f"lower({table}.{key}) = lower({other}.{key})" for key in contract.key_columns
    )


def _same_key_lowered(contract: Contract, table: str, lowered: str) -> str:
    """Return the same condition if the other table has its keys in lower case."""
    return " and ".join(
        f"lower({table}.{key}) = {lowered}.{key}" for key in contract.key_columns
    )


def _same_values(contract: Contract, other: str) -> str:
    """Return the SQL condition that a delivered line has the values of another row.

    The key is compared too. It is a `case`: DuckDB would join by every comparison of
    it, and hash every value.
    """
    same = _same_key(contract, "delivered", other) + " and "
    same += "".join(
        f"(delivered.{column} is not distinct from {other}.{column}"
        f" or nullif(trim(delivered.{column}), '')"
        f" is not distinct from nullif(trim({other}.{column}), '')) and "
        for column in contract.columns
    )
    return (
        f"case when {same}delivered._not_mapped is not distinct from"
        f" {other}._not_mapped then true else false end"
    )


def _has_key(contract: Contract) -> str:
    return " and ".join(f"{key} is not null" for key in contract.key_columns)


def _is_first(connection: duckdb.DuckDBPyConnection, contract: Contract) -> bool:
    """Return whether raw has no line of the extract."""
    return not connection.execute(
        f"select 1 from raw.{contract.table} as stored"
        f" where {_is_of_extract(contract)} limit 1"
    ).fetchall()


def _find_known(
    connection: duckdb.DuckDBPyConnection, contract: Contract, is_first: bool
) -> None:
    """Make the table `known`: the last stored row of each key that is needed.

    A full extract is compared with all stored keys, a delta only with its own keys
    (ignoring case), and the first load of an extract with nothing.

    Columns:
        _is_certain: a stored row of the key was the only one of its key in its file.
        _is_last: no later line has the key with other capitals.
    """
    table = f"raw.{contract.table}"
    keys = ", ".join(contract.key_columns)
    same = _same_key_in_any_case(contract, "stored", "delivered")
    own_keys = "" if contract.delivery == "full" else f"semi join delivered on {same}"
    connection.execute(
        "create or replace temp table known as"
        f" select *, false as _is_certain, false as _is_last from {table} limit 0"
        if is_first
        else f"""
        create or replace temp table known as
        with of_keys as (
            select rowid as _row, *
            from {table} as stored {own_keys}
            where {_has_key(contract)} and {_is_of_extract(contract)}
        ),

        last as (
            select
                {keys},
                arg_max(_row, row(_extracted_at, _load_id)) as _row,
                max(_load_id) filter (where not _is_closing) as _load_id,
                bool_or(not (_is_key_repeated or _is_closing)) as _is_certain
            from of_keys
            group by {keys}
        ),

        in_any_case as (
            select {_lower_keys(contract, "last")}, max(_load_id) as _load_id
            from last
            group by {_keys(contract, "last", "lower({})")}
        )

        select
            of_keys.* exclude (_row),
            last._is_certain,
            of_keys._load_id = in_any_case._load_id as _is_last
        from of_keys
        inner join last on of_keys._row = last._row
        inner join in_any_case
            on {_same_key_lowered(contract, "of_keys", "in_any_case")}
        """
    )


def _is_of_extract(contract: Contract) -> str:
    """SQL: whether a stored row is of this extract, if its table has several."""
    if not contract.shared:
        return "true"
    loads = f"select load_id from raw.loads where extract = '{contract.extract}'"
    return f"stored._load_id in ({loads})"


def _find_several(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Make the table `several`: lines whose key is on other lines of the batch too.

    Keys are compared ignoring case, and are in lower case.

    Columns:
        _key: the key as it is written.
        _before_file, _before_line: the previous line with the key.
    """
    connection.execute(
        f"""
        create or replace temp table several as
        with keys as (
            select {_lower_keys(contract, "delivered")}
            from delivered
            where {_has_key(contract)}
            group by all
            having count(*) > 1
        )

        select
            delivered._file,
            delivered._line,
            keys.*,
            row({_keys(contract, "delivered")}) as _key,
            lag(delivered._file) over in_order as _before_file,
            lag(delivered._line) over in_order as _before_line
        from delivered
        inner join keys on {_same_key_lowered(contract, "delivered", "keys")}
        window in_order as (
            partition by {_keys(contract, "keys")}
            order by delivered._file, delivered._line
        )
        """
    )


def _find_repeated(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Make the table `repeated`: lines whose key cannot be trusted, in lower case.

    A key is repeated if several lines of one file have it, or if it differs only in
    capitals from a stored key (`ab1` and `AB1`), because both would then be records of
    the same thing. The first line that alone had the key in its file decides how the
    key is written.
    """
    keys = ", ".join(contract.key_columns)
    is_known = _same_key_lowered(contract, "known", "several")
    connection.execute(
        f"""
        create or replace temp table repeated as
        with in_one_file as (
            select _file, {keys} from several group by all having count(*) > 1
        ),

        in_capitals as (
            select {keys} from several group by all having min(_key) <> max(_key)
        ),

        first as (
            select {keys}, min(_file) as _file, arg_min(_key, _file) as _key
            from several
            semi join in_capitals using ({keys})
            anti join in_one_file using (_file, {keys})
            group by {keys}
        )

        select _file, _line, {keys}
        from several
        semi join in_one_file using (_file, {keys})
        union
        select several._file, several._line, {_keys(contract, "several")}
        from several
        inner join first using ({keys})
        where
            several._file > first._file
            and several._key <> first._key
            and not exists (from known where known._is_certain and {is_known})
        union
        select
            delivered._file,
            delivered._line,
            {_lower_keys(contract, "delivered")}
        from delivered
        inner join known on {_same_key_in_any_case(contract, "delivered", "known")}
        where
            known._is_certain
            and not ({_same_key(contract, "delivered", "known")})
            and not exists (
                from known as exact
                where exact._is_certain and {_same_key(contract, "delivered", "exact")}
            )
        """
    )


def _find_closings(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Make the table `closings`: keys that a full extract closes because it lacks them.

    It closes nothing if it has unreadable lines, or keys that its mapping could not
    convert, because these may be the keys that seem absent. Nor does it close a key
    that it contains with other capitals. The parts of a delivery close together.

    Columns:
        _file: the file that closes the key; of a delivery in parts, the last one.
        _next_file: the next file with the key, if the batch has one.
    """
    keys = ", ".join(contract.key_columns)
    if contract.delivery != "full":
        connection.execute(
            f"create or replace temp table closings as select {keys}, _file,"
            " _file as _next_file from delivered limit 0"
        )
        return
    delivered_keys = _keys(contract, "delivered")
    same = _same_key_in_any_case(contract, "until", "repeated")
    connection.execute(
        f"""
        create or replace temp table closings as
        with lost as (
            select _file from rejected
            union
            select _file from delivered
            where list_has_any(_not_mapped, {list(contract.key_columns)})
        ),

        deliveries as (
            select extracted_at, max(_file) as _file
            from files
            group by extracted_at
            having count(*) filter (where _file in (from lost)) = 0
        ),

        opened as (
            select {keys}, '-infinity'::timestamp as _from, null::integer as _file
            from known
            where not _is_closing
            union all
            select {delivered_keys}, files.extracted_at, min(_file)
            from delivered
            inner join files using (_file)
            where {_has_key(contract)}
            group by all
        ),

        with_gaps as (
            select {keys}
            from opened
            group by all
            having count(*) <= (select count(distinct extracted_at) from files)
        ),

        until as (
            select
                {_keys(contract, "opened")},
                _from,
                lead(_from) over in_order as _until,
                lead(_file) over in_order as _next_file
            from opened
            semi join with_gaps using ({keys})
            window in_order as (
                partition by {_keys(contract, "opened")} order by _from
            )
        )

        select
            {_keys(contract, "until")},
            until._next_file,
            arg_min(deliveries._file, deliveries.extracted_at) as _file
        from until
        inner join deliveries
            on
                deliveries.extracted_at > until._from
                and deliveries.extracted_at < coalesce(until._until, 'infinity')
        anti join (
            from repeated inner join files using (_file)
        ) as repeated
            on deliveries.extracted_at = repeated.extracted_at and {same}
        group by {_keys(contract, "until")}, until._from, until._next_file
        """
    )


def _find_unchanged(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Make the table `unchanged`: lines that equal the last stored row of their key."""
    reopened = ""
    if contract.delivery == "full":
        same = _same_key(contract, "delivered", "closings")
        reopened = (
            f"anti join closings on delivered._file = closings._next_file and {same}"
        )
    connection.execute(
        f"""
        create or replace temp table unchanged as
        select delivered._file, delivered._line
        from delivered
        inner join known on {_same_key(contract, "delivered", "known")}
        anti join (
            select _file, _line from several where _before_line is not null
            union all
            select _file, _line from repeated
        ) as others
            on delivered._file = others._file and delivered._line = others._line
        {reopened}
        where
            not known._is_closing
            and not known._is_key_repeated
            and known._is_last
            and {_same_values(contract, "known")}
        union all
        select several._file, several._line
        from several
        inner join delivered using (_file, _line)
        inner join delivered as before
            on several._before_file = before._file
            and several._before_line = before._line
        anti join repeated
            on several._file = repeated._file and several._line = repeated._line
        anti join repeated as repeated_before
            on before._file = repeated_before._file
            and before._line = repeated_before._line
        {reopened}
        where {_same_values(contract, "before")}
        """
    )


def _new_lines(connection: duckdb.DuckDBPyConnection, contract: Contract) -> str:
    """Return SQL that inserts new and changed lines, and all with a repeated key."""
    repeated, unchanged = connection.execute(
        "select (select count(*) from repeated), (select count(*) from unchanged)"
    ).fetchall()[0]
    columns = ", ".join(contract.columns)
    values = ", ".join(f"delivered.{column}" for column in contract.columns)
    joins, is_repeated = "", "false"
    if repeated:
        joins += " left join repeated using (_file, _line)"
        is_repeated = "repeated._line is not null"
    if unchanged:
        joins += (
            " anti join unchanged on delivered._file = unchanged._file"
            " and delivered._line = unchanged._line"
        )
    return f"""
        insert into raw.{contract.table} (
            _load_id, _line, _place, _extracted_at, _force_code,
            _is_key_repeated, _is_closing, _added_columns, _delivered, _not_mapped,
            {columns}
        )
        select
            files.load_id, delivered._line, delivered._place, files.extracted_at,
            files.force_code, {is_repeated}, false, delivered._added_columns,
            delivered._delivered, delivered._not_mapped, {values}
        from delivered inner join files using (_file) {joins}
    """


def _closing_rows(contract: Contract) -> str:
    """Return SQL that inserts closing rows, which have the key alone."""
    keys = ", ".join(contract.key_columns)
    return f"""
        insert into raw.{contract.table} (
            _load_id, _extracted_at, _force_code,
            _is_key_repeated, _is_closing, {keys}
        )
        select
            files.load_id, files.extracted_at, files.force_code, false, true,
            {_keys(contract, "closings")}
        from closings
        inner join files using (_file)
    """
