"""The author's text for the board: commentaries, short sections and one main point."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from markupsafe import Markup

from reports.outline import Authored, Part, Section, texts_of

# An executive summary with at most this many words is printed as a main point.
MOST_WORDS_OF_A_POINT = 60
SUMMARY = "executive_summary"
LETTERS_OF_A_LINE = 50  # in half the width of a sheet
# Parts of a line: below a block, below an item of a list, and of a row of a table.
BLOCK_SPACE, ITEM_SPACE, ROW = 0.4, 0.15, 1.2
HEADING_LINES = 2


@dataclass(frozen=True)
class Written:
    """What the author wrote, as blocks, or the placeholder of an empty part."""

    blocks: tuple[Authored, ...] = ()
    placeholder: str = ""

    @property
    def html(self) -> Markup:
        return Markup("\n").join(Markup(block.html) for block in self.blocks)

    @property
    def texts(self) -> tuple[str, ...]:
        """What the author wrote, without the headings that name its parts."""
        own = (block for block in self.blocks if not block.is_heading_of_part)
        return tuple(text for block in own for text in block.texts)

    @property
    def length(self) -> int:
        """Number of words that the author wrote."""
        return sum(len(text.split()) for text in self.texts)

    @property
    def lines(self) -> float:
        """About how many printed lines it takes in half the width of a sheet."""
        return sum(map(_lines, self.blocks))

    @property
    def is_empty(self) -> bool:
        return not (self.blocks or self.placeholder)


def lines_of(text: str) -> int:
    return max(1, ceil(len(text) / LETTERS_OF_A_LINE))


def _lines(block: Authored) -> float:
    if block.html.startswith("<table"):
        return BLOCK_SPACE + ROW * block.html.count("<tr")
    space = 0.0 if block.html.startswith("<p") else ITEM_SPACE
    return BLOCK_SPACE + sum(lines_of(text) + space for text in block.texts)


@dataclass(frozen=True)
class ShortSection:
    """A section of the author's, on the page of risks and next steps."""

    id: str
    number: str
    heading: str
    html: Markup
    placeholder: str
    texts: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()

    @property
    def lines(self) -> float:
        """About how many printed lines it takes in half the width of a sheet."""
        return HEADING_LINES + sum(lines_of(text) + BLOCK_SPACE for text in self.texts)


def written(part: Part) -> Written:
    """Return the author's words of a part, or its placeholder; no generated text."""
    if not part.written:
        return Written(placeholder=part.placeholder or "")
    return Written(part.written)


def authors_point(sections: Iterable[Section]) -> str:
    """Return the author's own main point (a short executive summary), or ''."""
    parts = [p for s in sections if s.code == SUMMARY for p in s.parts if p.written]
    text = " ".join(t for p in parts for b in p.written for t in texts_of(b))
    return text if 0 < len(text.split()) <= MOST_WORDS_OF_A_POINT else ""


def short_sections(sections: Iterable[Section], point: str) -> list[ShortSection]:
    """Return the numbered sections (no strands) with author's text or a placeholder.

    Args:
        sections: the report's sections in order.
        point: the author's main point; its section is not printed again.
    """
    found = []
    for section in sections:
        if section.kind != "numbered" or (point and section.code == SUMMARY):
            continue
        own = [w for p in section.parts if not (w := written(p)).is_empty]
        if own:
            found.append(
                ShortSection(
                    id=section.code,
                    number=section.number,
                    heading=section.heading,
                    html=Markup("\n").join(w.html for w in own if w.blocks),
                    placeholder=next((w.placeholder for w in own if w.placeholder), ""),
                    texts=tuple(text for w in own for text in w.texts),
                )
            )
    return found
