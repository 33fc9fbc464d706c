"""The checks of a run that failed: extract, rule, lines and remedy of each."""

import re
from collections.abc import Iterator

import dagster as dg

NAMED = re.compile(r"\b(extract|file_name): ([\w.-]+)")


def of_run(
    instance: dg.DagsterInstance,
    run: dg.DagsterRun,
    *severities: dg.AssetCheckSeverity,
) -> Iterator[dict[str, str]]:
    """The checks of a run that failed, if they are of one of these severities."""
    kind = dg.DagsterEventType.ASSET_CHECK_EVALUATION
    for entry in instance.all_logs(run.run_id, of_type=kind):
        check = entry.dagster_event.event_specific_data
        if check.passed or check.severity not in severities:
            continue
        told = {name: str(value.value) for name, value in check.metadata.items()}
        rows = " ".join(text for name, text in told.items() if name.startswith("row_"))
        named = dict(reversed(NAMED.findall(rows)))  # Of several, the first.
        yield {
            "rule": check.check_name,
            "extract": named.get("extract", check.asset_key.path[-1]),
            "file": named.get("file_name", ""),
            "lines": told.get("found", told.get("mistakes", "")),
            "remedy": told.get("remedy", ""),
        }


def in_words(check: dict[str, str]) -> str:
    where = ", ".join(filter(None, (check["extract"], check["file"])))
    return (
        f"{check['rule']} ({where}). Found: {check['lines']}."
        f" What to do: {check['remedy']}"
    )
