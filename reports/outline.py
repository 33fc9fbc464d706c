"""The report's sections in order, each with its parts.

A part (a slot of `rpt_slots`) has sentences made from figures, tables and charts, and
then what the author has written, or a placeholder if the author must write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from reports import style
from reports.grid import Row, Table


@dataclass(frozen=True)
class Point:
    """A point of a chart; `series` is its line, if the chart has several."""

    label: str
    value: Any
    series: str = ""


@dataclass(frozen=True)
class Event:
    """A band on a chart: its label, and its position on the axis of points 1, 2, 3 …"""

    label: str
    start: float
    end: float


@dataclass(frozen=True)
class Chart:
    """A chart's words and points; no points are drawn if it is not available.

    `subject` is what it shows; `finding` is the report's sentence about the measure,
    '' if it has none; `total` is the count that the parts belong to.
    """

    name: str
    title: str
    strand: str | None
    alternative_text: str
    value_heading: str
    is_available: bool
    points: tuple[Point, ...]
    kind: str = "month_bars"
    events: tuple[Event, ...] = ()
    label_heading: str = "Month"
    number_format: str = "count"
    measure: str | None = None
    subject: str = ""
    finding: str = ""
    total: int | None = None

    @property
    def series(self) -> tuple[str, ...]:
        """The chart's lines, in order; one line without a name if there is only one."""
        return tuple(dict.fromkeys(point.series for point in self.points))

    @property
    def value_headings(self) -> tuple[str, ...]:
        """The headings of the lines' values in a table."""
        return tuple(name or self.value_heading for name in self.series)

    def rows(self) -> list[tuple[str, tuple[Any, ...]]]:
        """The points as rows of a table: each label with a value for each line."""
        found: dict[str, dict[str, Any]] = {}
        for point in self.points:
            found.setdefault(point.label, {})[point.series] = point.value
        return [
            (label, tuple(by.get(name) for name in self.series))
            for label, by in found.items()
        ]


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True)
class Authored:
    """A block that the author wrote: safe HTML, its texts in order, file and line.

    `is_heading_of_part` says that it names a part, and the author did not write it.
    """

    html: str
    texts: tuple[str, ...]
    place: str = field(default="", compare=False)
    is_heading_of_part: bool = False


@dataclass(frozen=True)
class Placeholder:
    """Marks a place where the author must write but has not."""

    text: str


Block = Paragraph | Bullets | Authored | Placeholder | Table | Chart


@dataclass(frozen=True)
class Part:
    """A part of a section: what is made from figures, and what the author wrote."""

    heading: str
    made: tuple[Block, ...]
    author_heading: str | None
    placeholder: str | None
    written: tuple[Block, ...] = ()
    slot: str = ""

    @property
    def blocks(self) -> tuple[Block, ...]:
        if self.written or not self.placeholder:
            return self.made + self.written
        return (*self.made, Placeholder(self.placeholder))


@dataclass(frozen=True)
class Change:
    """What a sentence of the report says of a figure and the one it is compared with.

    `unit` is the operational unit that the figure is of, '' if it is of none; `period`
    says shortly what is compared. The sentence prints `numbers` (counts and amounts)
    and `percentages`. `difference` is None if one of the two is not known. `polarity`
    is that of the measure.
    """

    measure: str | None
    subject: str
    unit: str
    code: str | None
    period: str
    numbers: tuple[Any, ...]
    percentages: tuple[Any, ...] = ()
    difference: Any = None
    polarity: str | None = None


@dataclass(frozen=True)
class Section:
    """A section: its number as printed ('5.1' or none), heading, level and parts.

    `board_page` is the page of the board report that belongs to it in the Word draft,
    '' if the layout names none. `changes` are those that its sentences tell.
    """

    code: str
    number: str
    heading: str
    level: int
    kind: str
    parts: tuple[Part, ...]
    board_page: str = ""
    changes: tuple[Change, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.number} {self.heading}".strip()

    @property
    def is_front(self) -> bool:
        return self.kind == "front"

    @property
    def is_strand(self) -> bool:
        return self.kind == "strand"

    def blocks(self) -> Iterator[Block]:
        for part in self.parts:
            yield from part.blocks

    def written(self, text: Mapping[str, tuple[Block, ...]]) -> Section:
        """Return the section with the author's blocks placed by heading."""
        return replace(
            self,
            parts=tuple(
                replace(part, written=text.get(part.author_heading or "", ()))
                for part in self.parts
            ),
        )


def texts_of(block: Block) -> tuple[str, ...]:
    """Return the block's texts in order; none for a table or chart."""
    match block:
        case Paragraph() | Placeholder():
            return (block.text,)
        case Bullets():
            return block.items
        case Authored():
            return block.texts
    return ()


def in_one_line(blocks: Iterable[Block]) -> str:
    """Return the texts of the blocks on one line, with commas between list items."""
    return " ".join(", ".join(texts) for b in blocks if (texts := texts_of(b)))


def sections_of(
    sections: list[Row],
    slots: list[Row],
    sentences: list[Row],
    items: list[Row],
    drawn: Mapping[tuple[str, str], Table | Chart],
    changes: Mapping[str, tuple[Change, ...]],
) -> tuple[Section, ...]:
    """Return the sections from the rows of `rpt_sections`, `rpt_slots` and others.

    Args:
        drawn: every table and chart by ('table' or 'chart', name).
        changes: what the sentences of a section tell, by its code.
    """
    return tuple(
        Section(
            code=section["section_code"],
            number=style.plain_text(section["section_number"]),
            heading=style.plain_text(section["section_heading"]),
            level=section["section_level"],
            kind=section["section_kind"],
            board_page=section["board_page"] or "",
            changes=changes.get(section["section_code"], ()),
            parts=tuple(
                _part(slot, sentences, items, drawn)
                for slot in slots
                if slot["section_code"] == section["section_code"]
            ),
        )
        for section in sections
    )


def _part(slot: Row, sentences: list[Row], items: list[Row], drawn: Mapping) -> Part:
    def mine(rows: list[Row]) -> list[Row]:
        return [
            r for r in rows if all(r[k] == slot[k] for k in ("section_code", "slot"))
        ]

    placed = (_item(item, drawn) for item in mine(items))
    return Part(
        heading=style.plain_text(slot["slot_heading"] or ""),
        made=(*_texts(mine(sentences)), *(item for item in placed if item)),
        author_heading=slot["author_heading"],
        placeholder=slot["placeholder"],
        slot=slot["slot"],
    )


def _texts(sentences: list[Row]) -> Iterator[Block]:
    """Yield sentences as paragraphs, and consecutive bullets as one list."""
    for is_bullet, rows in groupby(
        sentences, key=lambda row: row["sentence_style"] == "bullet"
    ):
        texts = [style.plain_text(r["sentence"], style.SENTENCE_LIMIT) for r in rows]
        if is_bullet:
            yield Bullets(tuple(texts))
        else:
            yield from (Paragraph(text) for text in texts)


def _item(item: Row, drawn: Mapping) -> Table | Chart | None:
    """Return the table or chart.

    For a strand, a table has only the strand's rows; None if none of them is available.
    """
    found = drawn.get((item["item_kind"], item["item_name"]))
    if isinstance(found, Table) and item["shown_strand"] is not None:
        found = found.of_strand(item["shown_strand"])
        return found if found.has_available_rows else None
    return found
