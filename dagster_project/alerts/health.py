"""The line of each day: the last good version, the last run, what waits, what is late.

A late extract, a file on hold and a failed check have the same facts as in the message
of a failed run: extract, rule, file, lines, remedy.
"""

import shlex
from collections.abc import Iterator
from datetime import datetime, timedelta

import dagster as dg
import duckdb

from dagster_project.alerts import Alert, failed_checks
from dagster_project.intake import lateness, names
from dagster_project.settings import Home

# Until the first run after an upgrade, the published file can be of an older version of
# the program, in which file_status is named status.
LOADS = """(
    select
        load_id,
        extract,
        file_name,
        lines_delivered,
        extracted_at,
        columns('^(file_)?status$') as status
    from marts.fct_loads
)"""
HELD = f"""
    select load_id, extract, file_name, lines_delivered from {LOADS}
    where status = 'held' order by file_name
"""
NEWEST = f"""
    select file_name, lines_delivered from {LOADS}
    where status = 'loaded' and extract = ? and extracted_at = ?
    order by load_id desc limit 1
"""
IS_HELD = "delivery_is_on_hold"
Found = dict[str, str]


def last_good(home: Home, now: datetime) -> tuple[str | None, str]:
    """Name of the last published version, and a sentence with its age."""
    if not home.current.exists():
        return None, "Nothing has been published in this home yet."
    file = home.current.resolve()
    age = in_words(now - datetime.fromtimestamp(file.stat().st_mtime))
    return file.name, f"Last good version: {file.name}, published {age} ago."


def alert(home: Home, instance: dg.DagsterInstance) -> Alert:
    """The health of a home now."""
    version, sentence = last_good(home, datetime.now())
    runs = instance.get_runs(dg.RunsFilter(job_name="daily"), limit=1)
    status = runs[0].status.value if runs else "never run"
    ages: dict[str, datetime] = {}
    late: list[Found] = []
    held: list[Found] = []
    if version:
        with duckdb.connect(str(home.current), read_only=True) as connection:
            ages = lateness.newest(connection, LOADS)
            late = list(_late(home, connection, ages))
            held = list(_held(home, connection))
    failed = [check for run in runs for check in _failed(instance, run)]
    lines = [sentence, f"Last run of daily: {status}."]
    lines += map(failed_checks.in_words, [*late, *held, *failed])
    london = names.london_now()
    for extract, extracted_at in ages.items():
        age = in_words(london - extracted_at)
        lines.append(f"{extract}: extracted {extracted_at:%Y-%m-%d %H:%M}, {age} ago.")
    is_well = status == "SUCCESS" and version is not None and not (late or held)
    return Alert(
        kind="health",
        is_well=is_well,
        home=home.root.name,
        title=_title(is_well, len(failed)),
        lines=tuple(lines),
        facts={
            "last_good_version": version,
            "last_run": status,
            "late": late,
            "on_hold": held,
            "failed_checks": failed,
            "extracted_at": {name: str(at) for name, at in ages.items()},
        },
    )


def in_words(age: timedelta) -> str:
    """An age as `5 hours` or `3 days`."""
    hours = int(age.total_seconds() // 3600)
    count, unit = (hours, "hour") if hours < 48 else (hours // 24, "day")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _title(is_well: bool, warnings: int) -> str:
    if not is_well:
        return "somebody has to look"
    if not warnings:
        return "all is well"
    count = "a warning" if warnings == 1 else f"{warnings} warnings"
    return f"all is well, with {count}"


def _late(
    home: Home, connection: duckdb.DuckDBPyConnection, ages: dict[str, datetime]
) -> Iterator[Found]:
    for arrival in lateness.arrivals(home, ages).values():
        if arrival.is_late:
            name, count = connection.execute(
                NEWEST, [arrival.extract, arrival.extracted_at]
            ).fetchall()[0]
            yield {
                "rule": lateness.RULE,
                "extract": arrival.extract,
                "file": name,
                "lines": f"{arrival.sentence()} That file has {count} lines",
                "remedy": lateness.REMEDY,
            }


def _held(home: Home, connection: duckdb.DuckDBPyConnection) -> Iterator[Found]:
    for load_id, extract, name, count in connection.execute(HELD).fetchall():
        yield {
            "rule": IS_HELD,
            "extract": extract,
            "file": name,
            "lines": f"{count} lines, which no figure counts",
            "remedy": (
                "Ask the supplier for a corrected file, or accept this one if it is"
                f" right: make accept LOAD={load_id}"
                f" DATA={shlex.quote(str(home.root))}"
            ),
        }


def _failed(instance: dg.DagsterInstance, run: dg.DagsterRun) -> Iterator[Found]:
    """The checks of a run that failed. Lateness is judged by the hour of the line."""
    for check in failed_checks.of_run(instance, run, *dg.AssetCheckSeverity):
        if check["rule"] != lateness.RULE:
            yield check
