"""Dagster's pages in a browser: the graph, runs by hand, a check that fails, a pack.

With STRANDLINE_IMAGES the tests also write the pictures of docs/operate.md:

    export STRANDLINE_IMAGES=docs/images
    .venv/bin/python -m pytest tests/test_dagster_in_browser.py
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from dagster_project import settings
from tests.conftest import QUARTER, Result, copied, records_of, run_here
from tests.dagster_server import Server, wait_for

pytestmark = pytest.mark.slow

WAIT = 60_000  # milliseconds
IMAGES = os.environ.get("STRANDLINE_IMAGES")
COLOURS = 128
# A filter of the graph.
MARTS = "tag:layer=marts"
# A row that breaks a rule of seeds/_seeds.yml: the run stops at its first check.
WRONG = "extract,cadence_days\ncrimes,weekly\n"


@pytest.fixture(scope="module")
def mistaken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The pages of a new home whose configuration has a mistake."""
    home = settings.Home(tmp_path_factory.mktemp("pages") / "home")
    said = run_here("start", "--force", "kent", "--data", str(home.root))
    assert said.exit_code == 0, said.output
    with Server(home) as running:
        running.home = home
        (home.config / "extracts.csv").write_text(WRONG, encoding="utf-8")
        yield running


@pytest.fixture(scope="module")
def reported(
    first_build: Result, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The pages of a home after a run of `daily` and of a quarter's pack."""
    home = copied(first_build, tmp_path_factory.mktemp("reported")).home
    with Server(home) as running:
        running.home = home
        yield running


@pytest.fixture
def tab(browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 800})
    opened.set_default_timeout(WAIT)
    yield opened
    opened.close()


def address(server: Server, path: str) -> str:
    return f"http://127.0.0.1:{server.port}/{path}"


def location(server: Server) -> str:
    chosen = server.selector
    return f"{chosen['repositoryName']}@{chosen['repositoryLocationName']}"


def is_visible(found: Locator) -> None:
    expect(found.first).to_be_visible(timeout=WAIT)


def keep(tab: Page, name: str) -> None:
    """Write a picture for the documentation, if that was asked for."""
    if IMAGES:
        tab.wait_for_timeout(2000)  # Until nothing moves.
        picture = Image.open(io.BytesIO(tab.screenshot())).convert("RGB")
        path = Path(IMAGES) / f"dagster_{name}.png"
        picture.quantize(COLOURS).save(path, optimize=True)


def test_the_graph_of_assets_shows_groups_by_layer(tab: Page, reported: Server):
    tab.goto(address(reported, "asset-groups"))
    for group in ("intermediate_quality", "marts_fct"):
        is_visible(tab.get_by_text(group, exact=True))
    tab.locator(".CodeMirror").click()
    tab.keyboard.insert_text(MARTS)
    tab.keyboard.press("Enter")
    is_visible(tab.get_by_text("marts_quality", exact=True))
    others = tab.get_by_text("intermediate_quality", exact=True)
    expect(others).to_have_count(0, timeout=WAIT)
    keep(tab, "graph")


def test_daily_is_launched_by_hand_and_its_failed_check_says_why(
    tab: Page, mistaken: Server
):
    tab.goto(address(mistaken, f"locations/{location(mistaken)}/jobs/daily"))
    tab.get_by_role("button", name=re.compile("Materialize all")).click()

    def ended() -> bool:
        with records_of(mistaken.home) as instance:
            return any(r.status.value == "FAILURE" for r in instance.get_runs())

    wait_for(ended)
    tab.goto(address(mistaken, "assets/checked_seeds?view=checks"))
    is_visible(tab.get_by_text(re.compile("extracts.csv.*cadence_days")))
    keep(tab, "failed_check")


def test_the_page_of_a_run_of_daily_says_that_it_succeeded(tab: Page, reported: Server):
    with records_of(reported.home) as instance:
        (run,) = [run for run in instance.get_runs() if run.job_name == "daily"]
    tab.goto(address(reported, f"runs/{run.run_id}"))
    is_visible(tab.get_by_text("Success", exact=True))
    is_visible(tab.get_by_text("dbt_models"))
    keep(tab, "run")


def test_a_quarters_pack_is_made_in_the_pages_which_then_show_it(
    tab: Page, reported: Server
):
    page = reported.home.output / QUARTER / "index.html"
    page.unlink(missing_ok=True)
    tab.goto(address(reported, "assets/pack"))
    tab.get_by_role("button", name=re.compile("Materialize")).first.click()
    tab.get_by_text(re.compile("^Select a partition")).click()
    tab.get_by_placeholder("Filter partitions").fill(QUARTER)
    # Of the choices, not of the page behind the dialog, which names the quarter too.
    choices = tab.locator(".dagster-portal").get_by_text(QUARTER, exact=True)
    choices.locator("visible=true").last.click()
    tab.keyboard.press("Escape")
    tab.get_by_role("button", name="Launch 1 run").click()
    wait_for(page.exists)

    def ended() -> bool:
        with records_of(reported.home) as instance:
            return all(run.is_finished for run in instance.get_runs())

    wait_for(ended)
    tab.goto(address(reported, f"assets/pack?view=partitions&partition={QUARTER}"))
    is_visible(tab.get_by_role("link", name="Q2 2021/22"))
    summary = tab.get_by_role("row", name=re.compile("^summary"))
    is_visible(summary.get_by_text("Domestic Abuse"))
    keep(tab, "pack")
    # Dagster shows a text of less than 1,000 characters in its row, as here; a longer
    # one opens from a link.
    points = tab.get_by_role("row", name=re.compile("^main_points"))
    is_visible(points.locator("li strong").get_by_text("Delivery plan", exact=True))
    is_visible(points.get_by_text("1 of 4 actions is complete"))
    tab.get_by_role("row", name="charts").get_by_text("Show Markdown").click()
    pictures = tab.locator("img[src^='data:image/svg+xml']")
    is_visible(pictures)
    widths = pictures.evaluate_all("all => all.map(each => each.naturalWidth)")
    charts = [*(reported.home.output / QUARTER / "charts").glob("*.svg")]
    # One per measure of recorded crime of the strategy; nothing else was delivered that
    # has a chart.
    assert len(widths) == len(charts) == 8
    assert min(widths) > 100
    keep(tab, "charts")
