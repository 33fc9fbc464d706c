"""Describes an outcome for a person in a terminal."""

from dagster_project.inspection.outcome import Outcome

SHOWN = 10


def in_words(outcome: Outcome, has_home: bool) -> list[str]:
    """Return lines of text: what would become of the delivery, then of its lines."""
    said = [f"{outcome.file_name} as a delivery of {outcome.extract}:"]
    said += _fate(outcome)
    by = f" by {outcome.mapping}" if outcome.mapping else ""
    said += [f"  read as {outcome.kind}{by}"]
    said += [f"  {note}" for note in outcome.notes]
    if outcome.late_before:
        said.append(
            f"  older than {outcome.late_before:,} loaded deliveries, which would be"
            " loaded again after it"
        )
    if outcome.waiting_before:
        said.append(
            f"  earlier files that no run has read yet: {outcome.waiting_before:,}. A"
            " run reads them first, and may then judge this file differently"
        )
    if not outcome.delivered and outcome.refused:
        return said
    held = outcome.staged.held
    compared = "" if has_home else " (without DATA=home, no earlier line is known)"
    said += [
        "",
        f"  {outcome.delivered:>10,} lines delivered",
        f"  {outcome.accepted:>10,} accepted: new or changed",
        f"  {outcome.unchanged:>10,} unchanged{compared}",
        f"  {held:>10,} held in quarantine",
        f"  {outcome.unreadable:>10,} unreadable",
        f"  {outcome.blank:>10,} blank lines (not counted above)",
    ]
    if outcome.closed:
        said.append(
            f"  {outcome.closed:>10,} records that it no longer contains, which would"
            " be closed"
        )
    if outcome.unreadable_reasons:
        said += ["", "  Reasons for which lines are unreadable:"]
        said += [
            f"  {count:>10,} {reason}; the first is line {line:,}"
            for reason, count, line in outcome.unreadable_reasons
        ]
    said += _reasons(outcome) + _unknown_values(outcome) + _months(outcome)
    return said


def _fate(outcome: Outcome) -> list[str]:
    if outcome.refusals:
        return [f"  REFUSED: {sentence}" for sentence in outcome.refusals]
    said = []
    if outcome.on_hold:
        said.append(
            f"  ON HOLD: {outcome.on_hold}. It would wait for `make accept`. The"
            " counts below are for after it is accepted."
        )
    if outcome.staged.stops_a_run:
        said.append(
            f"  A RUN WOULD STOP: of {outcome.delivered:,} lines,"
            f" {outcome.staged.held:,} would be held in quarantine and"
            f" {outcome.unreadable:,} cannot be read, which is more than"
            " seeds/force/quarantine_thresholds.csv allows. Have the file corrected at"
            " its source and sent again, or raise stop_lines or stop_share there."
        )
    if outcome.taken_as is not None:
        said.append(
            f"  TAKEN ALREADY, as load {outcome.taken_as}: nothing would change."
        )
    return said or ["  LOADED: it would be taken."]


def _reasons(outcome: Outcome) -> list[str]:
    reasons = outcome.staged.reasons
    if not reasons:
        return []
    heading = "  Reasons for which lines are held (a line can have several):"
    return ["", heading, *(f"  {n:>10,} {name}" for name, n in reasons.items())]


def _unknown_values(outcome: Outcome) -> list[str]:
    values = outcome.staged.unknown_values
    if not values:
        return []
    said = ["", "  Values that are not on our lists:"]
    said += [f"  {n:>10,} {column}: {text!a}" for column, text, n in values[:SHOWN]]
    more = len(values) - SHOWN
    return said + ([f"  {more:>10,} values more"] if more > 0 else [])


def _months(outcome: Outcome) -> list[str]:
    months = outcome.staged.months
    if not months:
        return []
    said = ["", "  Months of the accepted lines:"]
    return said + [
        f"  {column}: {first} to {last}" for column, first, last, _ in months
    ]
