"""Converts a drawing of the board report's page to PNG for Word.

Word does not show a plain SVG. The page's drawing is drawn again with the styles
of board.css, so both look the same. The bytes are the same on every run (compare
charts.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from typing import Any

from reports import style
from reports.webpage import TEMPLATES

Looks = dict[str, str]
DOTS = 2.5  # pixels per unit of the drawing
NARROWED = 0.87  # matplotlib's font is wider than the page's
EDGE = 8.0  # units; words of districts may overrun the drawing
SELECTOR = re.compile(r"(?:svg )?([a-z]*)(?:\.([\w-]+))?")
STEP = re.compile(r"([MLZ])|([-\d.e]+) ([-\d.e]+)")
ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}


def size_of(svg: Any) -> tuple[float, float]:
    """Return width and height of a drawing, in its own units."""
    _, _, width, height = map(float, (svg.get("viewbox") or svg.get("viewBox")).split())
    return width + (EDGE if "areas" in svg.get("class") else 0), height


def picture(svg: Any) -> bytes:
    """Return a drawing as PNG.

    Args:
        svg: the page's <svg> element, from lxml.
    """
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.transforms import Affine2D

    width, height = size_of(svg)
    figure = Figure((width / 72, height / 72), dpi=72 * DOTS)
    to_dots = Affine2D().scale(DOTS, -DOTS).translate(0, height * DOTS)
    with matplotlib.rc_context(style.CHART_RC):
        for part in _parts(svg, 10.0):
            part.set_transform(to_dots)
            figure.add_artist(part)
        out = BytesIO()
        FigureCanvasAgg(figure).print_png(out, metadata={"Software": None})
    return out.getvalue()


def _parts(parent: Any, letter: float) -> Iterator[Any]:
    """Yield the drawing's parts in order, as patches in the drawing's units."""
    from matplotlib.patches import Circle, PathPatch, Rectangle

    for part in parent:
        x, y, width, height, cx, cy, r = (
            float(part.get(name, 0))
            for name in ("x", "y", "width", "height", "cx", "cy", "r")
        )
        looks = _painted(looks_of(part))
        match part.tag:
            case "g":
                yield from _parts(part, _letter(part, letter))
            case "rect":
                yield Rectangle((x, y), width, height, **looks)
            case "circle":
                yield Circle((cx, cy), r, **looks)
            case "line":
                yield PathPatch(_path(_ends(part)), **looks)
            case "path":
                yield PathPatch(_path(_steps(part.get("d"))), **looks)
            case "text" if (part.text or "").strip():
                yield from _written(part, x, y, letter)


def _ends(line: Any) -> Iterator[tuple[str, float, float]]:
    for i, kind in ((1, "M"), (2, "L")):
        yield kind, float(line.get(f"x{i}")), float(line.get(f"y{i}"))


def _letter(group: Any, letter: float) -> float:
    size = re.search(r"font-size: ([\d.]+)px", group.get("style", ""))
    return float(size[1]) if size else letter


def _steps(data: str) -> Iterator[tuple[str, float, float]]:
    """Yield the steps of a path; further points after an M are lines."""
    kind = "M"
    for command, x, y in STEP.findall(data):
        if command:
            kind = command
        else:
            yield kind, float(x), float(y)
            kind = "L"
        if command == "Z":
            yield "Z", 0.0, 0.0


def _path(steps: Iterable[tuple[str, float, float]]) -> Any:
    from matplotlib.path import Path

    codes = {"M": Path.MOVETO, "L": Path.LINETO, "Z": Path.CLOSEPOLY}
    known = list(steps) or [("M", 0.0, 0.0)]
    return Path([step[1:] for step in known], [codes[step[0]] for step in known])


def _written(part: Any, x: float, y: float, letter: float) -> Iterator[Any]:
    """Yield a text as outlines, after its halo if it has one."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.patches import PathPatch
    from matplotlib.textpath import TextPath
    from matplotlib.transforms import Affine2D

    looks = looks_of(part)
    weight = "bold" if looks.get("font-weight") == "700" else "normal"
    font = FontProperties(family=style.CHART_RC["font.family"], weight=weight)
    outlines = TextPath((0, 0), part.text, size=letter, prop=font)
    # A letter's outline has a point at its right edge; to search its curves is slow.
    length = outlines.vertices[:, 0].max() * NARROWED
    start = x - length * ANCHORS[part.get("text-anchor", "start")]
    place = Affine2D().scale(NARROWED, -1).translate(start, y)
    placed = place.transform_path(outlines)
    if looks.get("stroke", "none") != "none":
        yield PathPatch(placed, **_painted(looks | {"fill": "none"}))
    yield PathPatch(placed, **_painted(looks | {"stroke": "none"}))


def _painted(looks: Looks) -> dict[str, Any]:
    """Return the styles in matplotlib's terms."""
    dashes = looks.get("stroke-dasharray")
    width = float(looks.get("stroke-width", "1").removesuffix("px"))
    lengths = [float(each) / width for each in dashes.split()] if dashes else []
    return {
        "facecolor": looks.get("fill", "#000000"),
        "edgecolor": looks.get("stroke", "none"),
        "linewidth": width if looks.get("stroke", "none") != "none" else 0,
        "linestyle": (0, tuple(lengths)) if lengths else "solid",
        "joinstyle": looks.get("stroke-linejoin", "miter"),
        "capstyle": looks.get("stroke-linecap", "butt"),
    }


def looks_of(part: Any) -> Looks:
    """Return the styles of an element by board.css; more specific rules come last."""
    classes = part.get("class", "").split()
    found = [
        (bool(tag) + 2 * bool(kind), looks)
        for tag, kind, looks in _rules()
        if tag in ("", part.tag) and (not kind or kind in classes) and (tag or kind)
    ]
    merged: Looks = {"fill": "none"} if part.tag == "line" else {}
    for _, looks in sorted(found, key=lambda each: each[0]):
        merged |= looks
    return merged


@cache
def _rules() -> list[tuple[str, str, Looks]]:
    """Return the rules of board.css for one tag, one class or both: (tag, class,
    styles).
    """
    css = (TEMPLATES / "board.css").read_text(encoding="utf-8").split("@media")[0]
    colours = dict(re.findall(r"(--[\w-]+): (#\w+)", css))
    css = re.sub(r"var\((--[\w-]+)\)", lambda name: colours[name[1]], css)
    rules = []
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        looks = dict(re.findall(r"([\w-]+): ([^;]+)", body))
        for selector in selectors.split(","):
            if found := SELECTOR.fullmatch(selector.strip()):
                rules.append((found[1] or "", found[2] or "", looks))
    return rules


def words_of(svg: Any) -> tuple[str, str]:
    """Return a drawing's name and alternative text; empty for a decorative drawing."""
    title = svg.findtext("title") or ""
    return title, svg.findtext("desc") or svg.get("aria-label", "")
