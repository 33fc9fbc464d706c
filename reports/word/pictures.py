"""A drawing of the board report's page as PNG, for Word, which shows no plain SVG.

The page's drawing is read as it is, with the looks that board.css gives its parts, so
that both show the same. The bytes are the same on every run (compare charts.py).
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
DOTS = 2.5  # per unit of the drawing
NARROWED = 0.87  # the font that ships with matplotlib is wider than the page's
EDGE = 8.0  # units beside districts: their words may go beyond the drawing
SELECTOR = re.compile(r"(?:svg )?([a-z]*)(?:\.([\w-]+))?")
STEP = re.compile(r"([MLZ])|([-\d.e]+) ([-\d.e]+)")
ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}


def size_of(svg: Any) -> tuple[float, float]:
    """Width and height of a drawing in its own units."""
    _, _, width, height = map(float, (svg.get("viewbox") or svg.get("viewBox")).split())
    return width + (EDGE if "areas" in svg.get("class") else 0), height


def picture(svg: Any) -> bytes:
    """A drawing as PNG.

    Args:
        svg: The <svg> of the page as lxml reads it.
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
    """The drawing's parts in order, as patches in its units."""
    from matplotlib.patches import Circle, PathPatch, Rectangle

    for part in parent:
        x, y, width, height, cx, cy, r = (
            float(part.get(name, 0))
            for name in ("x", "y", "width", "height", "cx", "cy", "r")
        )
        looks = _painted(_looks(part))
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
    """The places of a path; those that follow the first of an M are lines."""
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
    """A text as outlines, before them its halo where it has one."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.patches import PathPatch
    from matplotlib.textpath import TextPath
    from matplotlib.transforms import Affine2D

    looks = _looks(part)
    weight = "bold" if looks.get("font-weight") == "700" else "normal"
    font = FontProperties(family=style.CHART_RC["font.family"], weight=weight)
    outlines = TextPath((0, 0), part.text, size=letter, prop=font)
    length = outlines.get_extents().x1 * NARROWED
    start = x - length * ANCHORS[part.get("text-anchor", "start")]
    place = Affine2D().scale(NARROWED, -1).translate(start, y)
    placed = place.transform_path(outlines)
    if looks.get("stroke", "none") != "none":
        yield PathPatch(placed, **_painted(looks | {"fill": "none"}))
    yield PathPatch(placed, **_painted(looks | {"stroke": "none"}))


def _painted(looks: Looks) -> dict[str, Any]:
    """The looks in matplotlib's words."""
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


def _looks(part: Any) -> Looks:
    """What board.css says of a part, the most exact rule last."""
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
    """The rules of board.css for one tag, one class or both: (tag, class, looks)."""
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
    """A drawing's name and its alternative text; no text of one that decorates."""
    title = svg.findtext("title") or ""
    return title, svg.findtext("desc") or svg.get("aria-label", "")
