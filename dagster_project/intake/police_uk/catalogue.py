"""Describes the contents of an archive of data.police.uk for the terminal."""

from pathlib import Path

from dagster_project.intake.police_uk.archives import (
    KINDS,
    of_no_list,
    passed_over,
    read_contents,
)


def describe(archive: Path) -> str:
    """Return the contents of the archive as text, one line per force and kind.

    A month is shown as missing if another file of the archive covers a month outside
    it.

    Raises:
        DeliveryError: it is neither a zip nor a folder, or has no street file.
    """
    contents = read_contents(archive)
    months = sorted({member.month for member in contents.members})
    span = months_between(months[0], months[-1])
    by_force: dict[str, dict[str, set[str]]] = {}
    for member in contents.members:
        kinds = by_force.setdefault(member.force_code, {})
        kinds.setdefault(member.kind, set()).add(member.month)
    width = max(len(code) for code in by_force)
    lines = [
        f"{archive.name}: forces {len(by_force)}, files {len(contents.members)},"
        f" months {months[0]} to {months[-1]}"
    ]
    for code in sorted(by_force):
        for kind in (kind for kind in KINDS if kind in by_force[code]):
            held = by_force[code][kind]
            missing = [month for month in span if month not in held]
            lines.append(
                f"  {code:<{width}}  {kind:<15}  {min(held)} to {max(held)}"
                f"  {len(held)} of {len(span)} months"
                + (f", missing: {_ranges(missing)}" if missing else "")
            )
    lines += [f"  refused: {each.name}: {each.reason}" for each in contents.refusals]
    lines += [f"  {each}" for each in passed_over(contents, contents.force_codes)]
    lines += [f"  {each}" for each in of_no_list(contents, contents.force_codes)]
    return "\n".join(lines)


def months_between(first: str, last: str) -> list[str]:
    """Return every month from `first` to `last`, both `YYYY-MM` and both included."""
    start, end = (int(m[:4]) * 12 + int(m[5:]) - 1 for m in (first, last))
    return [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(start, end + 1)]


def _ranges(months: list[str]) -> str:
    """Return months as ranges: `2020-05 to 2020-07, 2021-01`."""
    runs: list[list[str]] = []
    for month in months:
        if runs and months_between(runs[-1][-1], month)[1:] == [month]:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(r[0] if len(r) == 1 else f"{r[0]} to {r[-1]}" for r in runs)
