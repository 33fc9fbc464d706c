"""What a benchmark ran on, with which packages, and how much of it others used."""

import os
import platform
import resource
import subprocess
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from dagster_project import settings

PACKAGES = (
    "duckdb",
    "dbt-core",
    "dbt-duckdb",
    "dagster",
    "pyarrow",
    "pandas",
    "polars",
)
STAT, CPUINFO = Path("/proc/stat"), Path("/proc/cpuinfo")
# Columns of the first line of /proc/stat: user, nice, system, irq, softirq and steal.
BUSY = (0, 1, 2, 5, 6, 7)


class Watch:
    """Measures which part of the processors other programs use from now on."""

    def __init__(self) -> None:
        self._start = time.monotonic(), _busy(), _own()

    def others(self) -> float | None:
        """The part, from 0 to 1; None where the system does not say."""
        start, busy, own = self._start
        if busy is None:
            return None
        spent = (_busy() - busy) - (_own() - own)
        seconds = (time.monotonic() - start) * os.cpu_count()
        return min(max(spent / seconds, 0.0), 1.0)


def _busy() -> float | None:
    if not STAT.exists():
        return None
    ticks = STAT.read_text().split("\n")[0].split()[1:]
    return sum(int(ticks[each]) for each in BUSY) / os.sysconf("SC_CLK_TCK")


def _own() -> float:
    """Processor seconds of this process and of those that it has started."""
    used = [
        resource.getrusage(who)
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    return sum(each.ru_utime + each.ru_stime for each in used)


def memory_megabytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20


def about() -> dict[str, Any]:
    return {
        "day": f"{datetime.now(UTC):%Y-%m-%d}",
        "commit": _commit(),
        "machine": f"{os.cpu_count()} processors ({_processor()}),"
        f" {memory_megabytes() / 1024:.0f} GB of memory",
        "versions": {"Python": platform.python_version()} | _versions(),
    }


def _processor() -> str:
    if CPUINFO.exists():
        for line in CPUINFO.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def _commit() -> str:
    asked = subprocess.run(
        ("git", "rev-parse", "--short", "HEAD"),
        cwd=settings.REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip() or "not known"


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
