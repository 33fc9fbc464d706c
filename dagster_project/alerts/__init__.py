"""Messages to the data team: a run that failed, and the health of each day.

health.py and failures.py write them, sending.py sends them.
"""

from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Alert:
    """A message. It names files, rules and counts, and has no value of a record.

    Args:
        kind: `failure` or `health`.
        is_well: whether nobody has to do anything.
        home: name of the home's folder.
        title: one line.
        lines: what to know and what to do, each in one line.
        facts: the same for programs.
    """

    kind: str
    is_well: bool
    home: str
    title: str
    lines: tuple[str, ...]
    facts: dict[str, object] = field(default_factory=dict)

    def text(self) -> str:
        return "\n".join([self.title, "", *self.lines])

    def as_json(self) -> dict[str, object]:
        return asdict(self) | {"text": self.text()}
