"""What the author writes: a Markdown file a quarter, with a heading for each slot.

The file is created once and never written again. Under a heading stand plain
paragraphs and lists (`- `); everything else is text, taken literally and escaped
wherever it is drawn. It stays out of git: it is the force's, and may be marked.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from reports import style
from reports.outline import Block, Bullets, Paragraph
from reports.published import PackError

HEADING, BULLETS = "## ", ("- ", "* ")
LONGEST_FILE = 5_000_000  # bytes; a report's words are some 30,000

INTRODUCTION = """\
# Author's text for {title}

Write under the headings; leave the headings as they are. A blank line ends a
paragraph; a line that begins with "- " is an item of a list. Everything else is
printed as it stands. Figures are not written here: the pack makes them. This file is
never overwritten.
"""


def create(path: Path, title: str, headings: list[str]) -> bool:
    """Write an empty file with a heading for each slot; False where there is one."""
    text = INTRODUCTION.format(title=title)
    text += "".join(f"\n{HEADING}{heading}\n" for heading in headings)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return False
    except OSError as error:
        raise PackError(
            f"The author's file {path} cannot be made ({error.strerror or error}); "
            f"make {path.parent} a folder you may write to."
        ) from error
    return True


def read(path: Path, headings: list[str]) -> dict[str, tuple[Block, ...]]:
    """The author's blocks by heading; headings without text are left out.

    Headings are compared without case and spacing. Raises PackError, with file and
    line, for a heading that is no slot of this report or that is there twice, and for
    a file that is no UTF-8 text.
    """
    known = {_key(heading): heading for heading in headings}
    found: dict[str, list[str]] = {}
    lines: list[str] = []  # what stands before the first heading is dropped
    for number, line in enumerate(_text(path).split("\n"), 1):
        if not line.startswith(HEADING):
            lines.append(line)
            continue
        written = line.removeprefix(HEADING)
        heading = known.get(_key(written))
        if heading is None:
            raise PackError(
                f"{path}, line {number}: the report has no part "
                f"{style.plain_text(written)!r}; use one of its headings, such as "
                f"{'; '.join(headings[:3])}, or take the line's ## away."
            )
        if heading in found:
            raise PackError(
                f"{path}, line {number}: {heading!r} is there twice; write all of it "
                "under one heading."
            )
        lines = found[heading] = []
    blocks = {heading: tuple(_blocks(lines)) for heading, lines in found.items()}
    return {heading: made for heading, made in blocks.items() if made}


def _key(heading: str) -> str:
    return " ".join(heading.split()).casefold()


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PackError(
            f"The author's file {path} cannot be read ({error.strerror or error})."
        ) from error
    if len(data) > LONGEST_FILE:
        raise PackError(f"{path} holds {len(data):,} bytes; no report is that long.")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise PackError(
            f"{path}, line {line}: this is no UTF-8 text; save the file as UTF-8."
        ) from error


def _blocks(lines: list[str]) -> Iterator[Block]:
    """Paragraphs and lists; a line that goes on is joined to the one before it."""
    pieces: list[tuple[bool, str]] = []  # whether it is an item of a list, and its text
    goes_on = False
    for line in lines:
        text = line.strip()
        if text.startswith(BULLETS):
            pieces.append((True, text[2:]))
        elif text and goes_on:
            is_item, before = pieces[-1]
            pieces[-1] = (is_item, f"{before} {text}")
        elif text:
            pieces.append((False, text))
        goes_on = bool(text)
    for is_item, group in groupby(pieces, key=lambda piece: piece[0]):
        texts = [style.plain_text(text, style.PARAGRAPH_LIMIT) for _, text in group]
        if is_item:
            yield Bullets(tuple(texts))
        else:
            yield from (Paragraph(text) for text in texts)
