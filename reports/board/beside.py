"""The author's words beside a chart of a strand's page.

They follow a sub-heading of the author's that names the chart, such as
'### Chart: Hate crime by motivation', up to the next sub-heading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from reports import style
from reports.authors_markdown import SUB_HEADING
from reports.board.authors import Written
from reports.outline import Authored
from reports.published import PackError

NAMES_A_CHART = "chart:"


class Beside:
    """Words for charts, which are taken chart by chart.

    Those of a chart that the page has no room for stay in the commentary.
    """

    def __init__(self, commentary: Written) -> None:
        self.rest = Written(tuple(_before(commentary)), commentary.placeholder)
        self._words = dict(_by_chart(commentary))
        self._charts: list[str] = []

    def speaks_of(self, *names: str) -> bool:
        """Whether there are words beside a chart that has one of these names."""
        return self._heading(names) is not None

    def of(self, *names: str) -> Markup:
        """Return the words beside a chart, '' if there are none.

        Args:
            names: what the chart is called; its first words are enough.
        """
        self._charts += names[:1]
        heading = self._heading(names)
        return Written(self._words.pop(heading)).html if heading else Markup("")

    def _heading(self, names: Iterable[str]) -> Authored | None:
        for heading in self._words:
            called = heading.texts[0][len(NAMES_A_CHART) :].strip().casefold()
            if called and any(n.casefold().startswith(called) for n in names):
                return heading
        return None

    def keep(self, *names: str) -> None:
        """Leave the words beside a chart that has no room in the commentary."""
        if heading := self._heading(names):
            blocks = (*self.rest.blocks, heading, *self._words.pop(heading))
            self.rest = Written(blocks, self.rest.placeholder)

    def refuse_rest(self, section: str) -> None:
        """Refuse words beside a chart that the report does not have.

        Raises:
            PackError: there are such words; the message names their line.
        """
        for heading in self._words:
            where = heading.place or f"The author's text of {section}"
            named = style.plain_text(heading.texts[0], 100)
            charts = "; ".join(self._charts) or "none"
            raise PackError(
                f"{where}: {named!r} names no chart of the page of {section}. Its "
                f"charts: {charts}."
            )


def is_sub_heading(block: Authored) -> bool:
    return block.html.startswith(f'<p class="{SUB_HEADING}">')


def _names_a_chart(block: Authored) -> bool:
    return is_sub_heading(block) and block.texts[0].casefold().startswith(NAMES_A_CHART)


def _before(commentary: Written) -> Iterator[Authored]:
    """Yield the blocks that are beside no chart."""
    is_beside = False
    for block in commentary.blocks:
        if is_sub_heading(block):
            is_beside = _names_a_chart(block)
        if not is_beside:
            yield block


def _by_chart(commentary: Written) -> Iterator[tuple[Authored, tuple[Authored, ...]]]:
    """Yield each sub-heading that names a chart, and the blocks under it."""
    blocks = commentary.blocks
    for i, heading in enumerate(blocks):
        if _names_a_chart(heading):
            after = blocks[i + 1 :]
            end = next(
                (n for n, b in enumerate(after) if is_sub_heading(b)), len(after)
            )
            yield heading, after[:end]
