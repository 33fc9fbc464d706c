"""Writes the message of a failure of dbt: what failed, where, and what to do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.errors import DeliveryError
from dagster_project.transform.messages import rows
from dagster_project.transform.messages.heard import Heard, Trouble

# "  Runtime Error in model fct_crimes (models/marts/fct_crimes.sql)"
HEADING = re.compile(r"^\s*\w+ Error in \w+ \S+ \(.*\)\s*$", re.MULTILINE)
COMPILED_AT = re.compile(r"^\s*compiled code at .*$", re.MULTILINE)
# Words in the message of dbt or DuckDB, and the remedy.
REMEDIES = {
    "Out of Memory": "Close other programs on this machine and run the same command"
    " again. If that does not help, use a machine with more memory.",
    "No space left": "Make room on the disk, and run the same command again.",
    "IO Error": "Make room on the disk or give this user the right to write there, and"
    " run the same command again.",
    "Constraint Error": "Two rows have the same key, or a required value is empty. Run"
    " the SQL below in a copy of the work file, find the rows, and correct the"
    " delivered file, the seed or the model that they come from.",
    "Conversion Error": "A value does not fit its column's type. Run the SQL below in a"
    " copy of the work file, find the value, and correct the seed or the model that it"
    " comes from.",
    "contract": "Give the same columns and types in the model's SQL and in its YAML.",
}
OTHER_REMEDY = (
    "The SQL or its inputs have changed since the last successful run. Run `git diff`"
    " to see the changes. Correct them, and run the same command again."
)


class BuildError(DeliveryError):
    """dbt has failed; the message of each failure was logged before."""


@dataclass(frozen=True)
class Stop:
    """The message of one failure or warning.

    Args:
        is_warning: whether the run goes on.
        title: which check failed, or what could not be built, in one sentence.
        file: the file that declares it, from the repository's root.
        found: the number of rows, or dbt's message.
        examples: the first rows, each as `column: value; …`.
        remedy: what to do.
    """

    is_warning: bool
    title: str
    file: str
    found: str
    remedy: str
    examples: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        word = "WARNING" if self.is_warning else "STOP"
        lines = [f"{word}: {self.title}", f"  Found: {self.found}"]
        lines += [f"    - {example}" for example in self.examples]
        lines += [f"  What to do: {self.remedy}", f"  Declared in: {self.file}"]
        return "\n".join(lines)

    def in_short(self) -> str:
        """Return one paragraph without the rows, for a description in Dagster."""
        found = self.found.rstrip(".")
        return f"{self.title} Found: {found}. What to do: {self.remedy}"

    def metadata(self) -> dict[str, str]:
        """Return the parts for Dagster's page of the check, by row and list."""
        parts = {"found": self.found, "remedy": self.remedy, "file": self.file}
        for number, example in enumerate(self.examples, start=1):
            name, (first, *below) = f"row_{number}", example.splitlines() or [""]
            parts[name] = first
            for line in map(str.strip, below):
                if line.endswith(":"):
                    name = f"row_{number}_{line[:-1]}"
                else:
                    parts[name] = f"{parts[name]} | {line}" if name in parts else line
        return parts


def tell(heard: Heard, manifest: Mapping[str, Any], work: Path) -> dict[str, Stop]:
    """Write the message of each failure.

    Args:
        heard: the failures from dbt's log.
        manifest: dbt's manifest.
        work: the work file, which dbt has closed.

    Returns:
        The messages by the node's unique id.
    """
    told = {}
    for unique_id, trouble in heard.troubles.items():
        node = manifest["nodes"][unique_id]
        if node["resource_type"] == "test":
            told[unique_id] = _of_test(trouble, node, work)
        else:
            told[unique_id] = _of_model(trouble, node)
    return told


def reason(heard: Heard, stops: Mapping[str, Stop]) -> str:
    """Return why the run stopped, in one or two sentences."""
    failed = [stop.title for stop in stops.values() if not stop.is_warning]
    said = [*failed, *heard.other_errors] or ["dbt ended without a reason."]
    more = f" And {len(said) - 1} more." if len(said) > 1 else ""
    left_out = ""
    if heard.skipped:
        left_out = f" Not run because it failed: {heard.skipped} models or tests."
    above = " See above for what was found and what to do." if failed else ""
    return f"{said[0]}{more}{above}{left_out}"


def _of_test(trouble: Trouble, node: Mapping[str, Any], work: Path) -> Stop:
    meta, attached = node["config"]["meta"], node.get("attached_node")
    on = f" on {attached.rsplit('.', 1)[-1]}" if attached else ""
    examples, found = (), _sentence(trouble.message)
    if trouble.status != "error":
        found = "1 row" if trouble.rows == 1 else f"{trouble.rows} rows"
        if (trouble.rows or 0) > rows.SHOWN:
            found += f", of which the first {rows.SHOWN} are shown"
        if trouble.compiled:
            examples = _examples(trouble.compiled, work)
    return Stop(
        is_warning=trouble.status == "warn",
        title=f"check failed{on}. Expected: {meta.get('description', node['name'])}",
        file=_file(node),
        found=found,
        examples=tuple(examples),
        remedy=meta.get("remedy", OTHER_REMEDY),
    )


def _examples(compiled: Path, work: Path) -> list[str]:
    try:
        return rows.first(compiled, work)
    except (duckdb.Error, OSError) as error:
        # Report the failure even if its rows cannot be read.
        return [f"the rows could not be read again ({error}). Their SQL: {compiled}"]


def _of_model(trouble: Trouble, node: Mapping[str, Any]) -> Stop:
    sentence = _sentence(trouble.message)
    remedy = next(
        (text for sign, text in REMEDIES.items() if sign in sentence), OTHER_REMEDY
    )
    if trouble.compiled and "SQL below" in remedy:
        remedy += f" The SQL: {trouble.compiled}"
    return Stop(
        is_warning=False,
        title=f"the {node['resource_type']} {node['name']} could not be built.",
        file=_file(node),
        found=sentence,
        remedy=remedy,
    )


def _file(node: Mapping[str, Any]) -> str:
    """Return the file that declares a node: `dbt_project/tests/…sql`."""
    path = node["original_file_path"]
    return path.removeprefix("../") if path.startswith("../") else f"dbt_project/{path}"


def _sentence(message: str) -> str:
    """Return the cause from dbt's message, without its heading and path."""
    text = COMPILED_AT.sub("", HEADING.sub("", message))
    return "\n    ".join(line.strip() for line in text.splitlines() if line.strip())
