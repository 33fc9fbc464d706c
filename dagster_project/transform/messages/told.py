"""A failure of dbt as a person reads it: what, in which rows, why and what to do."""

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
# What dbt or DuckDB calls an error, and what a person can do about it.
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
    """dbt stopped the run; each failure was reported when it happened."""


@dataclass(frozen=True)
class Stop:
    """One failure or warning in words.

    Args:
        is_warning: whether the run goes on.
        title: which check failed, or what could not be built, in one sentence.
        file: where that is written, from the repository's root.
        found: how many rows, or what dbt said.
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
        """Without the rows: Dagster's pages print a description in one paragraph."""
        found = self.found.rstrip(".")
        return f"{self.title} Found: {found}. What to do: {self.remedy}"

    def metadata(self) -> dict[str, str]:
        """The parts for Dagster's page of the check, each row and list by itself."""
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
    """Each failure in words, by its node's unique id.

    Args:
        heard: what dbt's log said.
        manifest: dbt's manifest.
        work: the work file, which dbt has closed.
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
    """Why the run stopped, in one or two sentences; each failure was reported."""
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
        # The failure itself is reported in any case.
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
    """Where a node is declared: `dbt_project/tests/…sql`, `seeds/_seeds.yml`."""
    path = node["original_file_path"]
    return path.removeprefix("../") if path.startswith("../") else f"dbt_project/{path}"


def _sentence(message: str) -> str:
    """dbt's message without its heading and its path: the cause alone."""
    text = COMPILED_AT.sub("", HEADING.sub("", message))
    return "\n    ".join(line.strip() for line in text.splitlines() if line.strip())
