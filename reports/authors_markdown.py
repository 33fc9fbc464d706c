"""Converts the author's Markdown to safe HTML and plain text.

It is CommonMark, read by `markdown-it-py`: paragraphs, bold, italic, numbered and
nested lists, tables, links to http and https, and sub-headings (`### `). Other Markdown
(HTML, images, code, quotations, rules, entities) is off: its characters are printed as
typed, so no word is lost and nothing is executed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from reports import style
from reports.outline import Authored

# Bullets that word processors put on the clipboard.
PASTED_BULLET = re.compile(r"^(\s*)[•‣◦▪●][ \t]*")
LINE_BREAK = "  "
BETWEEN_CELLS = re.compile(r"(?<!\\)\|")
IMAGE = re.compile(r"!(?=\[)")  # would become a link behind an exclamation mark
INDENT = re.compile(r"^[ \t]*")
NUMBERED = re.compile(r"\d{1,9}[.)] +")
ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)]) ")
LEAST_INDENT = 2
BLOCKS_OFF = (
    *("code", "fence", "blockquote", "hr", "lheading", "reference", "html_block"),
)
INLINE_OFF = ("backticks", "image", "html_inline", "entity")
SUB_HEADING = "sub-heading"
# Lists, items and paragraphs within each other; the parser leaves out what is deeper.
MOST_NESTED = 100
LINKED = ("http://", "https://")


def _reader() -> MarkdownIt:
    options = {"html": False, "xhtmlOut": True, "maxNesting": MOST_NESTED}
    reader = MarkdownIt("commonmark", options)
    reader.enable("table").disable([*BLOCKS_OFF, *INLINE_OFF])
    reader.validateLink = lambda address: address.lower().startswith(LINKED)
    return reader


READER = _reader()


def blocks_of(lines: list[str]) -> Iterator[tuple[int, Authored]]:
    """Yield the blocks of some lines, each with the index of its first line.

    A block is a paragraph, a complete list, a table or a sub-heading.
    """
    tokens = READER.parse("\n".join(_indented(map(_harmless, lines))))
    start = 0
    for end, token in enumerate(tokens, 1):
        if token.level == 0 and token.nesting <= 0:
            block = tokens[start:end]
            first = block[0].map[0] if block[0].map else 0
            texts = tuple(text for each in block if (text := _text(each)))
            if texts:
                yield first, Authored(_html(block), texts)
            start = end


def longer_rows(lines: list[str]) -> Iterator[int]:
    """Yield the index of each row that has more cells than its table's heading.

    Markdown drops these cells.
    """
    columns = 0
    for token in READER.parse("\n".join(lines)):
        if token.type == "table_open":
            columns = 0  # until its heading, which can follow the sign of a list
        elif token.type == "th_open":
            columns += 1
        elif token.type == "tr_open" and 0 < columns < len(_cells(lines[token.map[0]])):
            yield token.map[0]


def _cells(line: str) -> list[str]:
    return BETWEEN_CELLS.split(line.strip().removeprefix("|").removesuffix("|"))


def _harmless(line: str) -> str:
    """Return the line without invisible characters.

    Its indent, the list depth, and two spaces at its end, a line break, stay.
    """
    indent = INDENT.match(line)[0]
    rest = style.plain_text(line[len(indent) :], len(line) + 1)
    line_break = LINE_BREAK if rest and line.endswith(LINE_BREAK) else ""
    rest = IMAGE.sub(r"!\\", rest)
    return PASTED_BULLET.sub(r"\1- ", indent + rest) + line_break


def _indented(lines: Iterable[str]) -> Iterator[str]:
    """Indent a list within a numbered item as far as CommonMark asks for.

    An author indents by two spaces under each item, as under a bullet. CommonMark asks
    for the width of the number: three spaces under '1. ', four under '10. '.
    """
    width = more = 0
    for line in lines:
        indent = len(INDENT.match(line)[0])
        if line and not indent:
            number, more = NUMBERED.match(line), 0
            width = len(number[0]) if number else 0
        elif not more and LEAST_INDENT <= indent < width and ITEM.match(line[indent:]):
            more = width - indent
        yield " " * more + line if indent else line


def _text(token: Token) -> str:
    """Return the words of a token as a reader sees them, on one line."""
    if token.type != "inline":
        return ""
    said = (
        " " if child.type in ("softbreak", "hardbreak") else child.content
        for child in token.children
    )
    return "".join(said).strip()


def _html(block: list[Token]) -> str:
    """Return HTML with escaped text and only the elements that the parser writes."""
    for token in block:
        # The page's security policy forbids style attributes.
        alignment = token.attrs.pop("style", "")
        if alignment == "text-align:right":
            token.attrSet("class", "number")
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("rel", "noopener noreferrer")
    for i, token in enumerate(block):
        if token.type == "heading_open":
            _make_sub_heading(*block[i : i + 3])
    return READER.renderer.render(block, READER.options, {}).strip()


def _make_sub_heading(opening: Token, words: Token, closing: Token) -> None:
    """Make it a paragraph in bold, because the page's headings are only the report's
    own.
    """
    opening.tag = closing.tag = "p"
    opening.attrSet("class", SUB_HEADING)
    start, end = Token("strong_open", "strong", 1), Token("strong_close", "strong", -1)
    words.children = [start, *(words.children or []), end]
