"""What the author wrote for the board: commentaries, short sections and one point."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reports.outline import Bullets, Paragraph, Part, Section, texts_of

# An executive summary of so few words is the author's own main point.
MOST_WORDS_OF_A_POINT = 60
SUMMARY = "executive_summary"


@dataclass(frozen=True)
class Written:
    """Paragraphs, items of a list, or the placeholder where nothing is written."""

    words: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    placeholder: str = ""

    @property
    def length(self) -> int:
        """How many words the author wrote."""
        return sum(len(text.split()) for text in (*self.words, *self.items))

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.items or self.placeholder)


@dataclass(frozen=True)
class ShortSection:
    """A section of the author's on the page of risks and next steps."""

    id: str
    number: str
    heading: str
    words: tuple[str, ...]
    items: tuple[str, ...]
    placeholder: str


def written(part: Part) -> Written:
    """The author's words of a part, or its placeholder; nothing made from figures."""
    if not part.written:
        return Written(placeholder=part.placeholder or "")
    return Written(
        words=tuple(b.text for b in part.written if isinstance(b, Paragraph)),
        items=tuple(i for b in part.written if isinstance(b, Bullets) for i in b.items),
    )


def authors_point(sections: Iterable[Section]) -> str:
    """The author's own main point: their executive summary where it is short."""
    parts = [p for s in sections if s.code == SUMMARY for p in s.parts if p.written]
    text = " ".join(t for p in parts for b in p.written for t in texts_of(b))
    return text if 0 < len(text.split()) <= MOST_WORDS_OF_A_POINT else ""


def short_sections(sections: Iterable[Section], point: str) -> list[ShortSection]:
    """The numbered sections where the author writes, but strands; none is empty.

    Args:
        sections: The report's sections in order.
        point: The author's main point; its section is not printed again.
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
                    words=tuple(t for w in own for t in w.words),
                    items=tuple(i for w in own for i in w.items),
                    placeholder=next((w.placeholder for w in own if w.placeholder), ""),
                )
            )
    return found
