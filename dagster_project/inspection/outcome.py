"""What would become of a delivery and of its lines."""

from dataclasses import dataclass, field

from dagster_project.intake.header import Reading
from dagster_project.intake.lines import Stored


@dataclass(frozen=True)
class Staged:
    """What the contract's rules say about the lines that would be stored.

    Args:
        held_lines: first reason → number of lines; each line counts once.
        reasons: reason → number of lines; a line counts for each of its reasons.
        unknown_values: (column, value that no list has, number of lines).
        months: (column of dates, first month, last month, number of accepted lines).
        stops_a_run: whether more lines are held, or unreadable, than
            seeds/force/quarantine_thresholds.csv allows for one file.
    """

    held_lines: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    unknown_values: tuple[tuple[str, str, int], ...] = ()
    months: tuple[tuple[str, str, str, int], ...] = ()
    stops_a_run: bool = False

    @property
    def held(self) -> int:
        return sum(self.held_lines.values())


@dataclass
class Outcome:
    """What would become of a delivery.

    delivered = accepted + unchanged + held + unreadable. Blank lines are not counted.

    Args:
        mapping: the mapping that applies to the file, if any.
        closed: number of keys that a full extract no longer contains.
        late_before: number of deliveries that would be read again after it.
        waiting_before: number of earlier files that no run has read yet.
        taken_as: load id under which the home has this file already.
        refusals: sentences.
        on_hold: a clause, or None.
        unreadable_reasons: why lines cannot be read, how many, and the first line.
    """

    extract: str
    file_name: str
    kind: str
    mapping: str | None = None
    delivered: int = 0
    accepted: int = 0
    unchanged: int = 0
    unreadable: int = 0
    unreadable_reasons: tuple[tuple[str, int, int], ...] = ()
    blank: int = 0
    closed: int = 0
    late_before: int = 0
    waiting_before: int = 0
    notes: list[str] = field(default_factory=list)
    staged: Staged = field(default_factory=Staged)
    taken_as: int | None = None
    refusals: list[str] = field(default_factory=list)
    on_hold: str | None = None

    @property
    def refused(self) -> str | None:
        """All reasons for which the delivery would be refused, or None."""
        return " ".join(self.refusals) or None

    @property
    def is_taken(self) -> bool:
        is_held = self.on_hold is not None or self.staged.stops_a_run
        return self.refused is None and not is_held

    def count(self, reading: Reading, stored: Stored, closed: int) -> None:
        """Store the results of reading and comparing; held lines are not yet known.

        Args:
            reading: what the reader found.
            stored: what became of the lines in a home that does not have the file.
            closed: number of keys that no part of its delivery contains.
        """
        self.delivered, self.blank = reading.delivered, reading.blank
        self.notes += reading.notes
        if reading.added_columns:
            added = ", ".join(reading.added_columns)
            self.notes.append(f"columns not in the contract: {added}")
        self.unreadable = stored.unreadable
        self.unchanged = self.delivered - stored.unreadable
        if self.taken_as is None:
            self.accepted, self.closed = stored.stored, closed
            self.unchanged -= stored.stored

    def counts(self) -> dict[str, object]:
        """Return the numbers for programs; each line counts once."""
        return {
            "accepted": self.accepted,
            "unchanged": self.unchanged,
            "held": self.staged.held_lines,
            "unreadable": self.unreadable,
            "blank": self.blank,
            "refused": self.refused,
            "earlier_files_waiting": self.waiting_before,
        }
