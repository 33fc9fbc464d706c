"""SQL of the open data's load: from unpacked files to `raw`, many files at a time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate

import duckdb

from dagster_project.sources.unpacking import Unpacked


@dataclass(frozen=True)
class Layout:
    """A kind of file: its raw table, and its headings → columns of that table."""

    extract: str
    columns: dict[str, str]


SHARED_HEADINGS = (
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
)


def _layout(extract: str, *own_headings: str) -> Layout:
    headings = SHARED_HEADINGS + own_headings
    return Layout(extract, {name: name.lower().replace(" ", "_") for name in headings})


LAYOUTS = {
    "street": _layout(
        "police_uk_street", "Crime type", "Last outcome category", "Context"
    ),
    "outcomes": _layout("police_uk_outcomes", "Outcome type"),
}

# Identical lines are incidents of their own: no key, and nothing to compare.
META_COLUMNS = {
    "_load_id": "bigint",
    "_line": "bigint",
    "_extracted_at": "timestamp",
    "_force_code": "varchar",
}
# Hashes do not shrink, and the search for a way to shrink them takes a fifth of a load.
KINDS = {"crime_id": "varchar using compression uncompressed"}
FORGET = """
drop table if exists temp.police_uk_rejects;
drop table if exists temp.police_uk_scans;
"""
DELETE = """
delete from raw.{extract}
where _load_id in (select unnest($load_ids))
"""
REPLACE = """
update raw.loads
set status = 'replaced'
where load_id in (select unnest($load_ids))
"""
# Straight from the files into their table: a copy in between would be written and read
# once more. Rows are numbered by one thread, so there is a branch for each processor.
READ = """
insert into raw.{extract} ({meta}, {columns})
{branches}
"""
# The heading line is record 1. Numbers run through the files of a branch, so that the
# records of those before are taken off.
BRANCH = """
select
    ($load_ids_{branch})[cast(file_index as bigint) + 1],
    row_number() over ()
    - ($records_before_{branch})[cast(file_index as bigint) + 1]
    + 1,
    ($stamps_{branch})[cast(file_index as bigint) + 1],
    ($force_codes_{branch})[cast(file_index as bigint) + 1],
    {headings},
from read_csv(
    $files_{branch},
    columns = $headings,
    auto_detect = false,
    all_varchar = true,
    header = true,
    delim = ',',
    quote = '"',
    escape = '"',
    store_rejects = true,
    rejects_table = 'police_uk_rejects',
    rejects_scan = 'police_uk_scans',
    rejects_limit = 0
)
"""
# Records that the reader rejects have no number: the files behind them in their branch
# begin too early. Those within the same file are added afterwards.
NUMBER = """
update raw.{extract} as target
set _line = target._line - firsts.line + 2
from (
    select
        _load_id,
        min(_line) as line,
    from raw.{extract}
    where _load_id >= $first_load_id
    group by all
) as firsts
where target._load_id = firsts._load_id and firsts.line <> 2
"""
# One record can be wrong in several ways: it is one line, with the first reason.
FOUND = """
with loads as (
    select unnest($loads, recursive := true)
),

stored as (
    select
        _load_id as load_id,
        count(*) as line_count,
    from raw.{extract}
    where _load_id >= $first_load_id
    group by all
),

unreadable as (
    select
        loads.load_id,
        count(distinct rejects.line) as line_count,
    from temp.police_uk_rejects as rejects
    inner join temp.police_uk_scans as scans using (scan_id, file_id)
    inner join loads on scans.file_path = loads._file
    group by all
)

select
    loads.load_id,
    coalesce(stored.line_count, 0),
    coalesce(unreadable.line_count, 0),
from loads
left join stored using (load_id)
left join unreadable using (load_id)
"""
# The n-th rejected line L has L - 1 - n stored rows before it (1 for the headings):
# every row after those stands n lines further down than its place among the stored.
SHIFT = """
with loads as (
    select unnest($loads, recursive := true)
),

rejects as (
    select distinct
        loads.load_id,
        rejects.line,
    from temp.police_uk_rejects as rejects
    inner join temp.police_uk_scans as scans using (scan_id, file_id)
    inner join loads on scans.file_path = loads._file
),

numbered as (
    select
        load_id,
        line,
        row_number() over (partition by load_id order by line) as rejects_before,
    from rejects
),

steps as (
    select
        load_id,
        line - rejects_before as last_line_before,
        max(rejects_before) as rejects_before,
    from numbered
    group by all
),

shifts as (
    select
        stored.load_id,
        stored.line,
        steps.rejects_before,
    from (
        select
            _load_id as load_id,
            _line as line,
        from raw.{extract}
        where _load_id in (select load_id from rejects)
    ) as stored
    asof inner join steps
        on stored.load_id = steps.load_id and stored.line > steps.last_line_before
)

update raw.{extract} as target
set _line = shifts.line + shifts.rejects_before
from shifts
where target._load_id = shifts.load_id and target._line = shifts.line
"""
UNREADABLE = """
insert into raw.unreadable_lines
with loads as (
    select unnest($loads, recursive := true)
)

select
    loads.load_id,
    rejects.line,
    -- With Windows line ends the reader puts the end of the line before in front.
    arg_min(trim(rejects.csv_line, e'\\r\\n'), rejects.byte_position),
    arg_min(rejects.error_message, rejects.byte_position),
from temp.police_uk_rejects as rejects
inner join temp.police_uk_scans as scans using (scan_id, file_id)
inner join loads on scans.file_path = loads._file
group by all
order by all
"""


@dataclass(frozen=True)
class Found:
    """Lines of one file as the reader has them."""

    stored: int
    unreadable: int


@contextmanager
def any_order(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Rows may be stored as they come: their files and lines are columns of theirs.

    Not within a transaction. The reader's branches would wait for one another else.
    """
    connection.execute("set preserve_insertion_order = false")
    try:
        yield
    finally:
        connection.execute("reset preserve_insertion_order")


def create_table(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Make `raw.<extract>`, empty, where it is missing."""
    columns = {name: KINDS.get(name, "varchar") for name in layout.columns.values()}
    described = (META_COLUMNS | columns).items()
    connection.execute(
        f"create table if not exists raw.{layout.extract}"
        f" ({', '.join(f'{name} {kind}' for name, kind in described)})"
    )


def replace(
    connection: duckdb.DuckDBPyConnection,
    layout: Layout,
    earlier: Sequence[int],
    later: dict[int, Unpacked],
) -> dict[int, Found]:
    """Put the files, by load id, in the place of earlier loads; load id → lines found.

    Within a transaction. The files have the same headings, and load ids that are
    higher than any other's.

    Raises:
        duckdb.InvalidInputException: the reader gives one of the files up.
    """
    if earlier:
        ids = {"load_ids": list(earlier)}
        connection.execute(DELETE.format(extract=layout.extract), ids)
        connection.execute(REPLACE, ids)
    if not later:
        return {}
    loads = {
        "loads": [
            {"load_id": load_id, "_file": str(each.path)}
            for load_id, each in later.items()
        ]
    }
    first = {"first_load_id": min(later)}
    names = {
        "extract": layout.extract,
        "meta": ", ".join(META_COLUMNS),
        "columns": ", ".join(layout.columns.values()),
        "headings": ", ".join(f'"{name}"' for name in layout.columns),
    }
    connection.execute(FORGET)
    _read(connection, layout, names, later)
    connection.execute(NUMBER.format(**names), first)
    found = connection.execute(FOUND.format(**names), loads | first).fetchall()
    if any(unreadable for _, _, unreadable in found):
        connection.execute(SHIFT.format(**names), loads)
        connection.execute(UNREADABLE, loads)
    return {load_id: Found(*lines) for load_id, *lines in found}


def _read(
    connection: duckdb.DuckDBPyConnection,
    layout: Layout,
    names: dict[str, str],
    later: dict[int, Unpacked],
) -> None:
    """Every line of the files into their table, with its number."""
    # Columns beyond ours are read past; two of them may well have the same name.
    headings = {
        name if name in layout.columns else f"_beyond_{position}": "varchar"
        for position, name in enumerate(next(iter(later.values())).headings)
    }
    (threads,) = connection.execute("select current_setting('threads')").fetchone()
    numbered = list(later.items())
    parts = [numbered[start::threads] for start in range(min(threads, len(numbered)))]
    values: dict[str, object] = {"headings": headings}
    for branch, part in enumerate(parts):
        files = [file for _, file in part]
        each = {
            "load_ids": [load_id for load_id, _ in part],
            "records_before": [0, *accumulate(file.lines for file in files)][:-1],
            "stamps": [file.member.modified for file in files],
            "force_codes": [file.member.force_code for file in files],
            "files": [str(file.path) for file in files],
        }
        values |= {f"{name}_{branch}": value for name, value in each.items()}
    branches = [BRANCH.format(branch=n, **names) for n in range(len(parts))]
    sql = READ.format(branches="union all".join(branches), **names)
    connection.execute(sql, values)
