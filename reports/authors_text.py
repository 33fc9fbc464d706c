"""The author's text: one Markdown file per quarter, with a heading for each slot.

The file is created once and never changed afterwards. The text under a heading is
Markdown (reports/authors_markdown.py). Text without a place in the report stops the
pack, so that no text is lost. The file is not in git: it belongs to the force and may
be protectively marked.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from reports import style
from reports.authors_markdown import blocks_of, longer_rows
from reports.outline import Block
from reports.published import PackError

MOST_SHOWN = 100  # characters of a refused line
SIGN, HEADING = "#", "## "
SUB_HEADING = re.compile(r"#{3,6} +(?P<words>\S.*)")
LONGEST_FILE = 5_000_000  # bytes; a report has about 30,000 words

MEND_HEADING = (
    "Write a heading of the report as '## ' and its words, and a sub-heading of your "
    "own as '### ' and its words, at the start of the line; begin any other line with "
    "a letter, so that it is text."
)
TITLE = "# Author's text for "
# A title that any version of this program has written, as opposed to author's text.
OWN_TITLE = re.compile(re.escape(TITLE) + r"[^.!?]*Q[1-4] \d{4}/\d{2}( \(\w+\))?")
INTRODUCTION = """\
Write under the headings, and leave the headings as they are. Nothing stands above the
first heading. The pack makes the figures, so do not write them here. This file is never
overwritten.
Markdown works. A blank line ends a paragraph; "### " begins a sub-heading, "- " an item
of a list, "1. " a numbered one, and two spaces before "- " an item within an item.
**bold**, | a table | and [words](https://address) for a link work too.
The page of a strand has room for about 120 words, page one for a summary of 60.
"""
# Files of earlier quarters contain these lines.
OLDER_LINES = """\
Write under the headings; leave the headings as they are. A blank line ends a
paragraph; a line that begins with "- " is an item of a list. Everything else is
printed as it stands. Figures are not written here: the pack makes them. This file is
never overwritten.
No other line begins with "#", and nothing stands above the first heading.
Markdown works: "### " begins a sub-heading, **bold**, "1. " a numbered list, two spaces
before "- " an item within an item, | a table |, [words](https://address) a link.
"""
KNOWN_LINES = {*INTRODUCTION.splitlines(), *OLDER_LINES.splitlines()}


def create(path: Path, title: str, headings: list[str]) -> bool:
    """Write an empty file with a heading for each slot; return False if one exists."""
    text = f"{TITLE}{title}\n\n{INTRODUCTION}"
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
    """Return the author's blocks by heading, without headings that have no text.

    Headings are compared without regard to case and spaces.

    Raises:
        PackError: a line has no place, a heading is there twice, a paragraph is too
            long, or the file is not UTF-8 text. The message names file and line.
    """
    known = {_key(heading): heading for heading in headings}
    found: dict[str, list[tuple[int, str]]] = {}
    lines: list[tuple[int, str]] | None = None
    for number, line in enumerate(text_of(path).split("\n"), 1):
        place = f"{path}, line {number}"
        if line.startswith(HEADING):
            heading = _heading(line, known, place)
            if heading in found:
                raise PackError(
                    f"{place}: {heading!r} is there twice; write all of it under one "
                    "heading."
                )
            lines = found[heading] = []
        elif lines is None:
            _refuse_before_the_first_heading(line, place)
        elif line.lstrip().startswith(SIGN) and not _is_sub_heading(line, known):
            raise PackError(f"{place}: {_shown(line)} is not a heading. {MEND_HEADING}")
        else:
            lines.append((number, line))
    blocks = {heading: tuple(_blocks(lines, path)) for heading, lines in found.items()}
    return {heading: made for heading, made in blocks.items() if made}


def refuse(path: Path) -> None:
    """Refuse text for a report that has no place for it; a file without text may stay.

    Raises:
        PackError: a line under a heading has text. The message names file and line.
    """
    if not path.exists():
        return
    is_under_heading = False
    for number, line in enumerate(text_of(path).split("\n"), 1):
        if line.startswith(HEADING):
            is_under_heading = True
        elif is_under_heading and line.strip():
            raise PackError(
                f"{path}, line {number}: {_shown(line)} is printed nowhere, because a "
                "report of open data has no text of an author. Write it into the Word "
                "draft of the pack, and remove this file."
            )


def _is_sub_heading(line: str, known: dict[str, str]) -> bool:
    """Whether the line is the author's own sub-heading; the report's have two `#`."""
    found = SUB_HEADING.fullmatch(line.rstrip())
    return bool(found) and _key(found["words"]) not in known


def _heading(line: str, known: dict[str, str], place: str) -> str:
    """Return the heading of the report that the line names."""
    written = line.removeprefix(HEADING)
    if heading := known.get(_key(written)):
        return heading
    near = difflib.get_close_matches(_key(written), known, n=3)
    such = "; ".join(known[key] for key in near or list(known)[:3])
    raise PackError(
        f"{place}: the report has no part {_shown(written)}; use one of its headings, "
        f"such as {such}, or remove the line's ##."
    )


def _refuse_before_the_first_heading(line: str, place: str) -> None:
    """Refuse text before the first heading, other than lines of the introduction."""
    text = line.strip()
    if not text or OWN_TITLE.fullmatch(text) or text in KNOWN_LINES:
        return
    if text.startswith(SIGN):
        raise PackError(f"{place}: {_shown(line)} is not a heading. {MEND_HEADING}")
    raise PackError(
        f"{place}: {_shown(line)} is before the first heading, where nothing is "
        "printed. Move it under the heading that it belongs to, or delete it."
    )


def _shown(text: str) -> str:
    return repr(style.plain_text(text, MOST_SHOWN))


def _key(heading: str) -> str:
    return " ".join(heading.split()).casefold()


def text_of(path: Path) -> str:
    """Return the text of an author's file, with a line feed at the end of each line.

    Raises:
        PackError: the file cannot be read, is too long, or is not UTF-8 text.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LONGEST_FILE + 1)
    except OSError as error:
        raise PackError(
            f"The author's file {path} cannot be read ({error.strerror or error})."
        ) from error
    if len(data) > LONGEST_FILE:
        raise PackError(
            f"{path} contains more than {LONGEST_FILE:,} bytes, more than a report "
            "can have. Keep everything that is not the report's text in another file."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise PackError(
            f"{path}, line {line}: this is not UTF-8 text. Save the file as UTF-8."
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _blocks(lines: list[tuple[int, str]], path: Path) -> Iterator[Block]:
    """Yield the blocks of some numbered lines; refuse a text that would be cut."""
    texts = [line for _, line in lines]
    for row in longer_rows(texts):
        raise PackError(
            f"{path}, line {lines[row][0]}: this row has more cells than the heading "
            "of its table, and they would not be printed. Give the heading as many."
        )
    for first, block in blocks_of(texts):
        for text in block.texts:
            if len(text) > style.PARAGRAPH_LIMIT:
                raise PackError(
                    f"{path}, line {lines[first][0]}: this paragraph has {len(text):,} "
                    f"characters, and at most {style.PARAGRAPH_LIMIT:,} are printed. "
                    "Put blank lines between its parts."
                )
        yield replace(block, place=f"{path}, line {lines[first][0]}")
