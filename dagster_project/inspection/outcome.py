"""What a delivery would be, and what would become of its lines."""

from dataclasses import dataclass, field

from dagster_project.intake.header import Reading
from dagster_project.intake.lines import Stored


@dataclass(frozen=True)
class Staged:
    """What the contract's rules say of the lines that would be stored.

    Attributes:
        held_lines: lines by the first of their reasons, each line once.
        reasons: lines by every reason that they have.
        unknown_values: column, value that no list knows, lines.
        months: column with dates, first and last month, lines; of accepted lines.
        stops_a_run: whether more lines are held, or unreadable, than
            seeds/force/quarantine_thresholds.csv allows of a file.
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
    """delivered = accepted + unchanged + held + unreadable; blank lines are no lines.

    `mapping` is the file by which it is read; `refusals` are sentences, `on_hold` is a
    clause or None. `taken_as` is the load id under which the home has this very file,
    `late_before` the number of deliveries that would be read again behind it,
    `waiting_before` the number of earlier files that no run has read yet. `closed` keys
    are those that a full extract no longer holds. `unreadable_reasons` has, by why
    lines cannot be read, their number and the first of them.
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
        """Everything for which it would be refused, or None."""
        return " ".join(self.refusals) or None

    @property
    def is_taken(self) -> bool:
        is_held = self.on_hold is not None or self.staged.stops_a_run
        return self.refused is None and not is_held

    def count(self, reading: Reading, stored: Stored, closed: int) -> None:
        """Keep what reading and comparing have found; what is held is not known yet.

        Args:
            reading: what the reader has noticed.
            stored: what became of the lines in a home that does not have the file.
            closed: keys that no part of its delivery holds.
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
        """For programs: every line once, and the sentence of a refused delivery."""
        return {
            "accepted": self.accepted,
            "unchanged": self.unchanged,
            "held": self.staged.held_lines,
            "unreadable": self.unreadable,
            "blank": self.blank,
            "refused": self.refused,
            "earlier_files_waiting": self.waiting_before,
        }
