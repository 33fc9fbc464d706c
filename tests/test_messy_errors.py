"""The errors that docs/adapt.md walks through: the program says what the page says."""

import re
from functools import partial
from pathlib import Path

import pytest

from dagster_project import inspection, settings
from dagster_project.intake import landing
from dagster_project.settings import Home
from tests import compiled_run
from tests.conftest import Result, run_here
from tests.messy_errors import ERRORS

PAGE = (settings.REPOSITORY / "docs" / "adapt.md").read_text(encoding="utf-8")
EXPLAINED = re.findall(
    r"^\*\*(\d+)\. ([^*]+)\.\*\*[\s\S]*?```text\n([\s\S]*?)```", PAGE, re.MULTILINE
)


def test_the_page_explains_twelve_errors_in_the_order_in_which_they_are_made():
    assert [int(number) for number, _, _ in EXPLAINED] == list(range(1, 13))
    assert [heading for _, heading, _ in EXPLAINED] == list(ERRORS)


@pytest.mark.ci
@pytest.mark.parametrize(("heading", "message"), [each[1:] for each in EXPLAINED])
def test_inspect_says_what_the_page_says_of_the_error(
    first_build: Result,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    heading: str,
    message: str,
):
    # With dbt, `inspect` is run in test_inspect.py.
    build = partial(compiled_run.build_staging, first_build, tmp_path)
    monkeypatch.setattr(inspection.staging, "_build", build)
    home = Home(tmp_path / "my_home")
    home.landing.mkdir(parents=True)
    landing.remember_force(home, "kent")
    file = ERRORS[heading](home)
    said = run_here("inspect", str(file), "--extract=crimes", f"--data={home.root}")
    text = " ".join(said.output.replace(f"{tmp_path}/", "").split())
    pieces = [re.escape(" ".join(piece.split())) for piece in message.split("…")]
    assert re.search(".*?".join(pieces), text), said.output
