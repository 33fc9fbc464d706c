"""The recipes of CONTRIBUTING.md: what each one adds, as the page says it."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.documents import ROOT, commands_of

CONTRIBUTING = ROOT / "CONTRIBUTING.md"
STEP = re.compile(
    r"^(?:Add to|Write|Put below `(?P<anchor>[^`]+)` in) `(?P<path>[^`]+)`:\n\n"
    r"```\w+\n(?P<text>.*?)^```\n",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Step:
    """A block of a recipe: text to add to a file, after a given line or at its end."""

    path: str
    text: str
    anchor: str | None

    def apply(self, root: Path) -> None:
        file = root / self.path
        before = file.read_text("utf-8") if file.exists() else ""
        if self.anchor:
            line = f"{self.anchor}\n"
            assert before.count(line) == 1, f"{self.path} has no line {self.anchor!r}"
            after = before.replace(line, line + self.text)
        else:
            after = before + self.text
        # Rows are added to an existing file; models are new files.
        assert bool(before) == (file.suffix == ".csv" or bool(self.anchor)), self.path
        file.write_text(after, encoding="utf-8")


@dataclass(frozen=True)
class Recipe:
    name: str
    steps: tuple[Step, ...]
    commands: tuple[str, ...]


def recipes() -> dict[str, Recipe]:
    """Return every recipe by its heading, in the order of the page."""
    page = CONTRIBUTING.read_text("utf-8").split("\n## Recipes\n")[1]
    found = {}
    for section in page.split("\n### ")[1:]:
        name, text = section.split("\n", 1)
        steps = tuple(
            Step(step["path"], step["text"], step["anchor"])
            for step in STEP.finditer(text)
        )
        # Each block of a recipe must name a file, so that no block is skipped.
        assert len(steps) == len(re.findall(r"^```\w+$", text, re.MULTILINE)), name
        if steps:
            found[name] = Recipe(name, steps, tuple(commands_of(f"\n{text}")))
    return found
