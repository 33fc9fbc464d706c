"""The author's Markdown as safe HTML and as plain text.

CommonMark, as `markdown-it-py` reads it: paragraphs, bold, italic, numbered and nested
lists, tables, links to http and https, and sub-headings (`### `). Everything else of
Markdown (HTML, images, code, quotations, rules, entities) is off: its characters are
printed as they were typed, so that no word is lost and nothing is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from reports import style
from reports.outline import Authored

# Signs of a list that word processors put on the clipboard.
PASTED_BULLET = re.compile(r"^(\s*)[•‣◦▪●][ \t]*")
INDENT = re.compile(r"^[ \t]*")
BLOCKS_OFF = (
    *("code", "fence", "blockquote", "hr", "lheading", "reference", "html_block"),
)
INLINE_OFF = ("backticks", "image", "html_inline", "entity")
SUB_HEADING = "sub-heading"
LINKED = ("http://", "https://")


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True})
    reader.enable("table").disable([*BLOCKS_OFF, *INLINE_OFF])
    reader.validateLink = lambda address: address.lower().startswith(LINKED)
    return reader


READER = _reader()


def blocks_of(lines: list[str]) -> Iterator[tuple[int, Authored]]:
    """The blocks of some lines, each with the index of its first line.

    A block is a paragraph, a complete list, a table or a sub-heading.
    """
    tokens = READER.parse("\n".join(map(_harmless, lines)))
    start = 0
    for end, token in enumerate(tokens, 1):
        if token.level == 0 and token.nesting <= 0:
            block = tokens[start:end]
            first = block[0].map[0] if block[0].map else 0
            texts = tuple(text for each in block if (text := _text(each)))
            if texts:
                yield first, Authored(_html(block), texts)
            start = end


def _harmless(line: str) -> str:
    """The line without invisible marks; its indent says how deep a list is."""
    indent = INDENT.match(line)[0]
    rest = style.plain_text(line[len(indent) :], len(line) + 1)
    return PASTED_BULLET.sub(r"\1- ", indent + rest)


def _text(token: Token) -> str:
    """The words of a token as a reader sees them, on one line."""
    if token.type != "inline":
        return ""
    said = (
        " " if child.type in ("softbreak", "hardbreak") else child.content
        for child in token.children
    )
    return "".join(said).strip()


def _html(block: list[Token]) -> str:
    """HTML whose text is escaped; the elements are those of the reader alone."""
    for token in block:
        # A page may have no style of its own in an element.
        alignment = token.attrs.pop("style", "")
        if alignment == "text-align:right":
            token.attrSet("class", "number")
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("rel", "noopener noreferrer")
    if block[0].type == "heading_open":
        return _sub_heading(block)
    return READER.renderer.render(block, READER.options, {}).strip()


def _sub_heading(block: list[Token]) -> str:
    """A paragraph in bold: the page's headings are the report's own."""
    _, inline, _ = block
    words = READER.renderer.render([inline], READER.options, {}).strip()
    return f'<p class="{SUB_HEADING}"><strong>{words}</strong></p>'
