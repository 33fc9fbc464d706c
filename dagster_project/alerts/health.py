"""The line of each day: the last good version, the last run, what waits, and ages."""

from datetime import datetime, timedelta

import dagster as dg
import duckdb

from dagster_project.alerts import Alert
from dagster_project.intake import lateness, names
from dagster_project.settings import Home

HELD = "select file_name from marts.fct_loads where status = 'held' order by file_name"


def last_good(home: Home, now: datetime) -> tuple[str | None, str]:
    """Name of the last published version, and a sentence with its age."""
    if not home.current.exists():
        return None, "Nothing has been published in this home yet."
    file = home.current.resolve()
    age = in_words(now - datetime.fromtimestamp(file.stat().st_mtime))
    return file.name, f"Last good version: {file.name}, published {age} ago."


def alert(home: Home, instance: dg.DagsterInstance) -> Alert:
    """The health of a home now."""
    now = datetime.now()
    version, sentence = last_good(home, now)
    runs = instance.get_runs(dg.RunsFilter(job_name="daily"), limit=1)
    status = runs[0].status.value if runs else "never run"
    ages, held = _of_published(home) if version else ({}, [])
    lines = [sentence, f"Last run of daily: {status}."]
    if held:
        lines.append(
            f"On hold until somebody decides: {', '.join(held)}. Look at the last run"
            " of daily for the command that accepts each."
        )
    london = names.london_now()
    for extract, extracted_at in ages.items():
        age = in_words(london - extracted_at)
        lines.append(f"{extract}: extracted {extracted_at:%Y-%m-%d %H:%M}, {age} ago.")
    is_well = status == "SUCCESS" and version is not None and not held
    return Alert(
        kind="health",
        is_well=is_well,
        home=home.root.name,
        title="all is well" if is_well else "somebody has to look",
        lines=tuple(lines),
        facts={
            "last_good_version": version,
            "last_run": status,
            "on_hold": held,
            "extracted_at": {name: str(at) for name, at in ages.items()},
        },
    )


def in_words(age: timedelta) -> str:
    """An age as `5 hours` or `3 days`."""
    hours = int(age.total_seconds() // 3600)
    count, unit = (hours, "hour") if hours < 48 else (hours // 24, "day")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _of_published(home: Home) -> tuple[dict[str, datetime], list[str]]:
    """Time of the last file of each extract, and the files on hold."""
    with duckdb.connect(str(home.current), read_only=True) as connection:
        ages = lateness.newest(connection, "marts.fct_loads")
        held = [name for (name,) in connection.execute(HELD).fetchall()]
    return ages, held
